/// Changing a repository in the browser.
extension L10n {
    package var commitSummary: String { pick(en: "Commit message", zh: "提交说明") }
    package var commitDescription: String { pick(en: "Longer description (optional)", zh: "详细描述（可选）") }
    package var commitTarget: String { pick(en: "Where it goes", zh: "提交到") }
    package func commitTo(_ branch: String) -> String { pick(en: "Commit to \(branch)", zh: "直接提交到 \(branch)") }
    package var commitAsPullRequest: String { pick(en: "Open a pull request", zh: "创建合并请求") }
    package var commitOnlyProposed: String {
        pick(en: "You may propose changes here, and somebody else merges them.", zh: "您可以在此提出修改，由他人合并。")
    }
    package var commitChanges: String { pick(en: "Commit changes", zh: "提交更改") }
    package var commitAction: String { pick(en: "Commit", zh: "提交") }
    package var notCommitted: String { pick(en: "Nothing was committed", zh: "未提交") }
    package var newFile: String { pick(en: "New file", zh: "新建文件") }
    package var editFile: String { pick(en: "Edit file", zh: "编辑文件") }
    package func editing(_ path: String) -> String { pick(en: "Editing \(path)", zh: "编辑 \(path)") }
    package var fileName: String { pick(en: "File name", zh: "文件名") }
    package var fileNameHint: String { pick(en: "Slashes make folders.", zh: "用斜杠表示文件夹。") }
    package var fileContent: String { pick(en: "Content", zh: "内容") }
    package var preview: String { pick(en: "Preview", zh: "预览") }
    package var write: String { pick(en: "Write", zh: "编辑") }
    package var previewTitle: String { pick(en: "Preview", zh: "预览") }
    package var draftFound: String {
        pick(en: "This browser kept text that was not sent.", zh: "此浏览器保留了尚未发送的内容。")
    }
    package var draftRestore: String { pick(en: "Restore it", zh: "恢复") }
    package var draftDrop: String { pick(en: "Discard it", zh: "丢弃") }
    package var fileNameEmpty: String { pick(en: "Give the file a name.", zh: "请填写文件名。") }
    package func fileNameInvalid(_ name: String) -> String {
        pick(en: "A repository cannot hold a file named “\(name)”.", zh: "仓库不能包含名为“\(name)”的文件。")
    }
    package func fileTaken(_ name: String) -> String {
        pick(en: "There is a file named \(name) already.", zh: "文件 \(name) 已存在。")
    }
    package var fileUnchanged: String { pick(en: "Nothing is different from what is there.", zh: "内容没有变化。") }

    package var cardMetadata: String { pick(en: "Card metadata", zh: "卡片元数据") }
    package var cardComplete: String { pick(en: "Complete", zh: "完整") }
    package var cardBroken: String {
        pick(en: "The block between the two --- lines cannot be read:", zh: "两行 --- 之间的内容无法解析：")
    }
    package var cardMissing: String {
        pick(en: "With these, people find it and know what they may do:", zh: "补全以下信息，便于他人查找和合规使用：")
    }
    package func lineNumber(_ line: Int) -> String { pick(en: "Line \(line)", zh: "第 \(line) 行") }
    package func cardField(_ field: CardReviewPanel.Field) -> String {
        switch field {
        case .license: pick(en: "Licence", zh: "许可证")
        case .pipelineTag: pick(en: "Task", zh: "任务")
        case .language: pick(en: "Language", zh: "语言")
        }
    }
    package func cardAdd(_ field: String) -> String { pick(en: "Add \(field)", zh: "添加\(field)") }

    package var conflictTitle: String { pick(en: "Two changes of one file", zh: "文件存在冲突") }
    package var conflictExplained: String {
        pick(
            en: "Somebody changed this file since you opened it. Your text is kept below.",
            zh: "您打开此文件后，他人已修改它。您的内容保留在下方。")
    }
    package var conflictJoined: String {
        pick(
            en: "The two changes go together and are joined below. Look at the result and commit it.",
            zh: "两处修改互不冲突，已在下方合并。请检查结果后提交。")
    }
    package var conflictDeleted: String {
        pick(en: "The file was deleted. Committing makes it anew.", zh: "该文件已被删除。提交将重新创建它。")
    }
    package func conflictCount(_ count: Int) -> String {
        pick(
            count, one: "\(count) place does not go together: decide between the marked lines.",
            many: "\(count) places do not go together: decide between the marked lines.",
            zh: "有 \(count) 处冲突：请在标记的行之间作出选择。")
    }
    package var conflictTheirs: String { pick(en: "As it is now", zh: "当前内容") }
    package var conflictYours: String { pick(en: "Your text", zh: "您的内容") }
    package var conflictResult: String { pick(en: "What is committed", zh: "将要提交的内容") }
    package var conflictCommit: String { pick(en: "Commit this text", zh: "提交此内容") }

    package var deleteTitle: String { pick(en: "Delete", zh: "删除") }
    package func deletesFile(_ size: String) -> String {
        pick(en: "This file of \(size) is deleted.", zh: "将删除此文件（\(size)）。")
    }
    package func deletesFolder(_ count: Int, _ size: String) -> String {
        pick(
            count, one: "This folder with \(count) file of \(size) is deleted.",
            many: "This folder with \(count) files of \(size) is deleted.", zh: "将删除此文件夹及其中 \(count) 个文件（\(size)）。")
    }
    package var deleteStays: String {
        pick(en: "Earlier commits still have it.", zh: "较早的提交中仍保留其内容。")
    }
    package var notText: String { pick(en: "This is no text to edit", zh: "此文件无法以文本方式编辑") }
    package func notTextLarge(_ size: String) -> String {
        pick(en: "It is kept as a large file of \(size).", zh: "它以大文件形式存储（\(size)）。")
    }
    package func notTextSmall(_ size: String) -> String {
        pick(en: "Its \(size) are no text in UTF-8, or too long for a form.", zh: "其内容（\(size)）不是 UTF-8 文本，或过长。")
    }
    package var uploadNewVersion: String { pick(en: "Upload a new version", zh: "上传新版本") }

    package var uploadTitle: String { pick(en: "Upload files", zh: "上传文件") }
    package var uploadChoose: String { pick(en: "Drop files here, or choose them", zh: "将文件拖到此处，或点击选择") }
    package var uploadHint: String {
        pick(
            en: "Large files go to LFS by themselves. An upload that breaks goes on where it stopped.",
            zh: "大文件自动使用 LFS。中断的上传会从断点继续。")
    }
    package var uploadList: String { pick(en: "Files to upload", zh: "待上传文件") }
    package var uploadTotal: String { pick(en: "All files", zh: "全部文件") }
    package var uploadNoScript: String {
        pick(
            en: "Without scripts the files are sent with the form, up to 64 MB in all.",
            zh: "未启用脚本时，文件随表单发送，总计不超过 64 MB。")
    }
    package var uploadWaiting: String { pick(en: "Waiting", zh: "等待中") }
    package var uploadDone: String { pick(en: "Received", zh: "已接收") }
    package var uploadFailed: String { pick(en: "Failed", zh: "失败") }
    package var uploadLarge: String { pick(en: "LFS", zh: "LFS 大文件") }
    package var uploadIgnored: String {
        pick(en: "Left out by .gitignore", zh: "被 .gitignore 忽略")
    }
    package var uploadRetry: String { pick(en: "Try again", zh: "重试") }
    package var uploadRemove: String { pick(en: "Remove", zh: "移除") }
    package var uploadReplaces: String { pick(en: "Replaces the file that is there", zh: "将替换现有文件") }
    package var uploadResumed: String { pick(en: "Goes on where it stopped", zh: "从断点继续") }
    package var uploadCommitting: String { pick(en: "Committing…", zh: "正在提交…") }
    package var uploadNone: String { pick(en: "Choose at least one file.", zh: "请至少选择一个文件。") }
    package var uploadUnfinished: String {
        pick(en: "Some files have not arrived: try them again or remove them.", zh: "部分文件尚未上传完成：请重试或移除。")
    }
    package var uploadOffline: String {
        pick(en: "The connection broke; trying again.", zh: "连接中断，正在重试。")
    }

    package var newRepository: String { pick(en: "New repository", zh: "新建仓库") }
    package var newRepositoryNote: String {
        pick(en: "Files, history, discussions and an address of its own", zh: "包含文件、历史、讨论以及独立地址")
    }
    package var newRepositoryCommand: String { pick(en: "The same on a terminal:", zh: "也可在终端中操作：") }
    package var repositoryKind: String { pick(en: "Kind", zh: "类型") }
    package var repositoryOwner: String { pick(en: "Owner", zh: "所有者") }
    package var repositoryName: String { pick(en: "Name", zh: "名称") }
    package var repositoryNameHint: String {
        pick(en: "Letters, digits, dots, hyphens and underscores", zh: "可使用字母、数字、点、连字符和下划线")
    }
    package var repositoryNameInvalid: String {
        pick(
            en: "Begin with a letter or digit, and use only letters, digits, “.”, “_” and “-”.",
            zh: "请以字母或数字开头，只使用字母、数字、“.”、“_”和“-”。")
    }
    package func repositoryTaken(_ path: String) -> String {
        pick(en: "\(path) exists already.", zh: "\(path) 已存在。")
    }
    package var repositoryLicense: String { pick(en: "Licence", zh: "许可证") }
    package var repositoryLicenseHint: String {
        pick(en: "Written into the card; it can be changed later.", zh: "写入卡片，之后可以修改。")
    }
    package var noLicense: String { pick(en: "None yet", zh: "暂不设置") }
    package var createRepository: String { pick(en: "Create repository", zh: "创建仓库") }
    package var create: String { pick(en: "Create", zh: "创建") }
    package var visibility: String { pick(en: "Who may see it", zh: "可见性") }
    package var visibilityDefault: String { pick(en: "As the owner has it", zh: "所有者的默认设置") }
    package var visibilityDefaultHint: String { pick(en: "What its namespace says", zh: "按命名空间的设置") }
    package var visibilityPublic: String { pick(en: "Public", zh: "公开") }
    package var visibilityPublicHint: String { pick(en: "Everybody who reaches this hub", zh: "所有能访问本站的人") }
    package var visibilityInternal: String { pick(en: "Internal", zh: "内部") }
    package var visibilityInternalHint: String { pick(en: "Everybody with an account here", zh: "所有已登录用户") }
    package var visibilityPrivate: String { pick(en: "Private", zh: "私有") }
    package var visibilityPrivateHint: String { pick(en: "Whoever is let in", zh: "仅被授权的人") }

    package var branch: String { pick(en: "Branch", zh: "分支") }
    package var tag: String { pick(en: "Tag", zh: "标签") }
    package var branches: String { pick(en: "Branches and tags", zh: "分支与标签") }
    package var branchesManage: String { pick(en: "Make or delete branches", zh: "新建或删除分支") }
    package var branchNew: String { pick(en: "New branch or tag", zh: "新建分支或标签") }
    package var branchKind: String { pick(en: "Kind", zh: "类型") }
    package var branchName: String { pick(en: "Name", zh: "名称") }
    package var branchFrom: String { pick(en: "Starts at", zh: "起点") }
    package var tagMessage: String { pick(en: "Message of a tag (optional)", zh: "标签说明（可选）") }
    package var tagMessageHint: String { pick(en: "A branch has none.", zh: "分支没有说明。") }
    package var defaultBranchKept: String { pick(en: "Default branch", zh: "默认分支") }
    package var actionColumn: String { pick(en: "Action", zh: "操作") }
    package func deleteNamed(_ name: String) -> String { pick(en: "Delete \(name)", zh: "删除 \(name)") }
}
