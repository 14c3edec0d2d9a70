/// What a repository is: its card, files, history, lineage.
extension L10n {
    package var repositoryPages: String { pick(en: "Pages of the repository", zh: "仓库页面") }
    package var tabCard: String { pick(en: "Card", zh: "卡片") }
    package var tabViewer: String { pick(en: "Viewer", zh: "数据预览") }
    package var tabFiles: String { pick(en: "Files", zh: "文件") }
    package var tabDiscussions: String { pick(en: "Discussions", zh: "讨论") }
    package var tabLineage: String { pick(en: "Lineage", zh: "谱系") }
    package var privateRepository: String { pick(en: "Private", zh: "私有") }
    package var gatedRepository: String { pick(en: "Gated", zh: "需申请") }
    package var commitHere: String { pick(en: "Commit here", zh: "本地提交") }
    package var commitUpstream: String { pick(en: "Commit upstream", zh: "上游提交") }
    package func likesCount(_ count: Int64) -> String {
        let text = number(count)
        return pick(Int(clamping: count), one: "\(text) like", many: "\(text) likes", zh: "\(text) 个赞")
    }
    package func kindName(_ kind: RepositoryHeader.Kind) -> String {
        switch kind {
        case .models: pick(en: "Model", zh: "模型")
        case .datasets: pick(en: "Dataset", zh: "数据集")
        case .spaces: pick(en: "Space", zh: "应用空间")
        case .codes: pick(en: "Code", zh: "代码")
        case .prompts: pick(en: "Prompt", zh: "提示词")
        case .mcps: pick(en: "MCP server", zh: "MCP 服务")
        case .skills: pick(en: "Skill", zh: "技能")
        }
    }
    package var allBranches: String { pick(en: "All branches and tags", zh: "全部分支和标签") }
    package var asPage: String { pick(en: "As a page of its own", zh: "单独页面") }
    package var binaryFile: String { pick(en: "This file is not text", zh: "此文件不是文本") }
    package var binaryFileText: String { pick(en: "Download it to look into it.", zh: "请下载后查看。") }
    package var cardCut: String { pick(en: "The text is longer than what is shown here:", zh: "正文过长，此处只显示一部分：") }
    package var cardGated: String { pick(en: "The card is shown to those who were let in", zh: "仅向获准访问者显示卡片") }
    package var cardGatedText: String {
        pick(
            en: "Ask for access, or sign in with an account that has it.",
            zh: "请申请访问权限，或使用已获准的账号登录。")
    }
    package var cardLacks: String { pick(en: "The card does not say", zh: "卡片缺少的信息") }
    package var cardLacksText: String {
        pick(
            en: "People search and filter by these; add them to the lines between the dashes of README.md.",
            zh: "其他人会按这些字段搜索和筛选，请补充到 README.md 开头两行短横线之间。")
    }
    package var cardProblems: String { pick(en: "The metadata of the card has mistakes", zh: "卡片元数据有误") }
    package var cite: String { pick(en: "Cite", zh: "引用") }
    package var contentNotHere: String { pick(en: "Not stored here yet", zh: "尚未存储在本地") }
    package var contentNotHereText: String {
        pick(
            en: "Its bytes come from the upstream when somebody downloads it.",
            zh: "有人下载时才会从上游获取内容。")
    }
    package var contentUnchanged: String { pick(en: "Only the name or the mode is another one.", zh: "仅名称或文件模式有变化。") }
    package var diffLayout: String { pick(en: "Layout of differences", zh: "差异布局") }
    package var diffLeftOut: String {
        pick(
            en: "The page is long enough: open the file to see this one.",
            zh: "页面已过长，请打开文件查看。")
    }
    package var diffSplit: String { pick(en: "Side by side", zh: "左右对照") }
    package var diffUnified: String { pick(en: "Unified", zh: "合并视图") }
    package var editCard: String { pick(en: "Edit the card", zh: "编辑卡片") }
    package var emptyClone: String { pick(en: "Start with a clone", zh: "从克隆开始") }
    package var emptyPush: String { pick(en: "Push what you have", zh: "推送已有仓库") }
    package var emptyUpload: String { pick(en: "Upload a folder", zh: "上传文件夹") }
    package var fileBroken: String { pick(en: "The header of this file does not hold together", zh: "此文件的文件头有误") }
    package var fileEmpty: String { pick(en: "This file is empty", zh: "此文件为空") }
    package var filesSorted: String { pick(en: "Files, folders first, by name", zh: "文件列表，文件夹在前，按名称排序") }
    package var filesThen: String { pick(en: "Files at this commit", zh: "查看此提交的文件") }
    package var findFile: String { pick(en: "Find a file", zh: "查找文件") }
    package var folderEmpty: String { pick(en: "There is nothing in this folder", zh: "此文件夹为空") }
    package var folderEmptyText: String {
        pick(
            en: "Files show up here once somebody commits them.",
            zh: "提交文件后会显示在这里。")
    }
    package var heldText: String {
        pick(
            en: "What you see is the last one that passed. Waiting:",
            zh: "当前显示的是上一个通过审核的提交。待审核：")
    }
    package var heldTitle: String { pick(en: "A newer commit waits for its review", zh: "有更新的提交正在等待审核") }
    package var integrityFiles: String { pick(en: "Files of this commit", zh: "此提交的文件") }
    package var integrityText: String {
        pick(
            en:
                "Files in git are named by their digest; large files are compared with their SHA-256 as they arrive, and again by every scrub.",
            zh: "git 中的文件以摘要命名；大文件在到达时及每次巡检时都会与其 SHA-256 比对。")
    }
    package var largeFile: String { pick(en: "A large file, stored beside git", zh: "大文件，存储在 git 之外") }
    package var lastScrub: String { pick(en: "Last scrub of all stored content", zh: "上次全量巡检") }
    package var licenseAdvice: String { pick(en: "Worth knowing", zh: "值得注意") }
    package var licenseConcluded: String { pick(en: "What holds, all things considered", zh: "综合结论") }
    package var licenseConflict: String { pick(en: "Licences contradict each other", zh: "许可证存在冲突") }
    package var licenseDeclared: String { pick(en: "Declared", zh: "声明") }
    package var licenseObligations: String { pick(en: "Licence and obligations", zh: "许可证与义务") }
    package var licenseWhy: String { pick(en: "Why, and from where", zh: "依据与来源") }
    package var lineageAlone: String {
        pick(
            en: "Nothing is known of what this was made from, or of what was made from it.",
            zh: "尚不知道它由什么构建，也不知道有什么由它构建。")
    }
    package var lineageAloneText: String {
        pick(
            en: "Cards name that in base_model and datasets.",
            zh: "卡片通过 base_model 和 datasets 字段说明来源。")
    }
    package var lineageGraph: String { pick(en: "Made from, and used for", zh: "来源与去向") }
    package var lineageKnown: String { pick(en: "Known by", zh: "信息来源") }
    package var lineageRelation: String { pick(en: "How", zh: "方式") }
    package var lineageTable: String { pick(en: "The same as a table", zh: "以表格显示") }
    package var lineageWhere: String { pick(en: "Position", zh: "位置") }
    package var linkToFile: String { pick(en: "A symbolic link. It leads to", zh: "符号链接，指向") }
    package var listOfFiles: String { pick(en: "Changed files", zh: "变更的文件") }
    package var noCommits: String { pick(en: "There are no commits", zh: "没有提交") }
    package var noCommitsText: String {
        pick(
            en: "Nothing touched this path as far as history is here.",
            zh: "在现有历史中没有提交涉及此路径。")
    }
    package var noObligations: String {
        pick(
            en: "The licences that are known here ask for nothing.",
            zh: "已知许可证没有附加义务。")
    }
    package var noReadme: String { pick(en: "There is no card yet", zh: "还没有卡片") }
    package var noReadmeText: String {
        pick(
            en: "A README.md tells people what this is, how to use it and under which licence.",
            zh: "README.md 用来说明这是什么、如何使用以及采用何种许可证。")
    }
    package var noStatements: String { pick(en: "Nothing was stated about this commit.", zh: "没有关于此提交的声明。") }
    package var notMirroredTitle: String { pick(en: "This is not mirrored yet", zh: "尚未镜像") }
    package var nothingChanged: String { pick(en: "Nothing is different", zh: "没有差异") }
    package var nothingChangedText: String { pick(en: "Both sides have the same files.", zh: "两边的文件相同。") }
    package var obligationName: String { pick(en: "Obligation", zh: "义务") }
    package var obligationWay: String { pick(en: "Comes by", zh: "传递路径") }
    package var openFilesNow: String { pick(en: "Open the files now", zh: "立即打开文件") }
    package var otherRefs: String { pick(en: "Other refs", zh: "其他引用") }
    package var parentFolder: String { pick(en: "The folder above", zh: "上级文件夹") }
    package var pathOfFile: String { pick(en: "Path", zh: "路径") }
    package var pdfFile: String { pick(en: "A PDF document", zh: "PDF 文档") }
    package var pdfFileText: String {
        pick(
            en: "Open or download it: documents of others are not run inside this page.",
            zh: "请打开或下载：本页面不会运行他人的文档。")
    }
    package var repoArchitecture: String { pick(en: "Architecture", zh: "架构") }
    package var repoBaseModels: String { pick(en: "Base model", zh: "基础模型") }
    package var repoBlame: String { pick(en: "Blame", zh: "逐行追溯") }
    package var repoBranches: String { pick(en: "Branches", zh: "分支") }
    package var repoChanged: String { pick(en: "Changed", zh: "更新于") }
    package var repoCommit: String { pick(en: "Commit", zh: "提交") }
    package var repoCompare: String { pick(en: "Compare", zh: "比较") }
    package var repoContextLength: String { pick(en: "Context length", zh: "上下文长度") }
    package var repoDataTypes: String { pick(en: "Types", zh: "数据类型") }
    package var repoDefaultBranch: String { pick(en: "default", zh: "默认") }
    package var repoDigest: String { pick(en: "Digest", zh: "摘要") }
    package var repoDownload: String { pick(en: "Download", zh: "下载") }
    package var repoDownloads: String { pick(en: "Downloads", zh: "下载次数") }
    package var repoFacts: String { pick(en: "Facts", zh: "概要") }
    package var repoFind: String { pick(en: "Find", zh: "查找") }
    package var repoGitTags: String { pick(en: "Tags", zh: "标签") }
    package var repoHistory: String { pick(en: "History", zh: "历史") }
    package var repoIntegrity: String { pick(en: "Integrity", zh: "完整性") }
    package var repoLanguages: String { pick(en: "Languages", zh: "语言") }
    package var repoLastChecked: String { pick(en: "Compared", zh: "上次比对") }
    package var repoLastCommit: String { pick(en: "Last commit", zh: "最近提交") }
    package var repoLibrary: String { pick(en: "Library", zh: "框架") }
    package var repoLicense: String { pick(en: "Licence", zh: "许可证") }
    package var repoMirrorIt: String { pick(en: "Mirror it", zh: "镜像") }
    package var repoName: String { pick(en: "Name", zh: "名称") }
    package var repoNever: String { pick(en: "Never", zh: "从未") }
    package var repoNewFile: String { pick(en: "New file", zh: "新建文件") }
    package var repoNewestFirst: String { pick(en: "Newest first", zh: "最新在前") }
    package var repoNoneOfThese: String { pick(en: "There are none.", zh: "暂无。") }
    package var repoNothingFound: String { pick(en: "Nothing was found", zh: "没有找到") }
    package var repoParameters: String { pick(en: "Parameters", zh: "参数量") }
    package var repoParents: String { pick(en: "Parents", zh: "父提交") }
    package var repoPermalink: String { pick(en: "Permalink", zh: "永久链接") }
    package var repoRaw: String { pick(en: "Raw", zh: "原始文件") }
    package var repoRequestApproval: String { pick(en: "Request approval", zh: "申请批准") }
    package var repoRevision: String { pick(en: "Revision", zh: "版本") }
    package var repoScans: String { pick(en: "Scans", zh: "扫描") }
    package var repoSize: String { pick(en: "Size", zh: "大小") }
    package var repoSource: String { pick(en: "Source and freshness", zh: "来源与新鲜度") }
    package var repoState: String { pick(en: "State", zh: "状态") }
    package var repoStatements: String { pick(en: "Statements and signatures", zh: "声明与签名") }
    package var repoTags: String { pick(en: "Tags", zh: "标签") }
    package var repoTask: String { pick(en: "Task", zh: "任务") }
    package var repoUpdated: String { pick(en: "Updated", zh: "更新时间") }
    package var repoUploadFiles: String { pick(en: "Upload", zh: "上传") }
    package var repoUpstream: String { pick(en: "Upstream", zh: "上游") }
    package var repoVerified: String { pick(en: "Verified", zh: "已校验") }
    package var repositoryEmpty: String { pick(en: "This repository is empty", zh: "此仓库为空") }
    package var repositoryEmptyForReaders: String { pick(en: "Nobody has committed anything yet.", zh: "还没有任何提交。") }
    package var repositoryEmptyText: String {
        pick(
            en: "Put the first files in, here or from a terminal.",
            zh: "可在此处或通过命令行添加第一批文件。")
    }
    package var requestReason: String { pick(en: "What do you need it for?", zh: "申请理由") }
    package var requestReasonHint: String {
        pick(
            en: "Whoever decides reads this, and it is kept with the decision.",
            zh: "审批人会看到此内容，并与审批结果一起保存。")
    }
    package var requestSignIn: String { pick(en: "Sign in to ask for an exception.", zh: "登录后可申请例外。") }
    package var snippetMakeToken: String { pick(en: "Make a token", zh: "创建令牌") }
    package var snippetNeedsToken: String {
        pick(
            en: "Not everybody may read this: programs need a token of yours.",
            zh: "此仓库不公开，程序需要使用你的令牌。")
    }
    package var snippetTokenCurl: String {
        pick(
            en: "Put a token of yours into HF_TOKEN first.",
            zh: "请先将你的令牌写入 HF_TOKEN。")
    }
    package var snippetTokenGit: String {
        pick(
            en: "git asks for your name and a token as the password.",
            zh: "git 会要求输入用户名，密码请填令牌。")
    }
    package var snippetTokenHF: String {
        pick(
            en: "Put a token of yours into HF_TOKEN first.",
            zh: "请先将你的令牌写入 HF_TOKEN。")
    }
    package var snippetWithoutLFS: String {
        pick(
            en: "With GIT_LFS_SKIP_SMUDGE=1 in front large files are left out.",
            zh: "在前面加上 GIT_LFS_SKIP_SMUDGE=1 可跳过大文件。")
    }
    package var staleSince: String { pick(en: "This is what was known", zh: "以下为已知的最后状态，获取于") }
    package var staleTitle: String { pick(en: "The upstream does not answer", zh: "上游没有响应") }
    package var statementKey: String { pick(en: "Key", zh: "密钥") }
    package var statementSource: String { pick(en: "From", zh: "来自") }
    package var statementTime: String { pick(en: "Stored", zh: "存储时间") }
    package var statementType: String { pick(en: "What is stated", zh: "声明内容") }
    package var statementsJSON: String {
        pick(
            en: "All statements with their envelopes, as JSON",
            zh: "全部声明及其信封（JSON）")
    }
    package var tableOfContents: String { pick(en: "Contents", zh: "目录") }
    package var tokensUnit: String { pick(en: "tokens", zh: "个词元") }
    package var trainedOn: String { pick(en: "Trained on", zh: "训练数据") }
    package var upstreamToldOf: String { pick(en: "The upstream last told of it", zh: "上游最近一次提及") }
    package var verifiedAt: String { pick(en: "Verified", zh: "校验时间") }
    package var verifiedByGit: String { pick(en: "In git, named by its digest", zh: "在 git 中，以摘要命名") }
    package var verifiedHere: String { pick(en: "Stored, SHA-256 verified", zh: "已存储，SHA-256 已校验") }
    package var viewFile: String { pick(en: "View the file", zh: "查看文件") }
    package var viewRendered: String { pick(en: "Preview", zh: "预览") }
    package var viewSource: String { pick(en: "Source", zh: "源码") }
    package var viewsOfFile: String { pick(en: "Views of this file", zh: "文件视图") }
    package var weightsFormat: String { pick(en: "Format", zh: "格式") }
    package var weightsTensors: String { pick(en: "Tensors", zh: "张量") }
    package var whyBlocked: String { pick(en: "Why is this blocked?", zh: "为什么被拦截？") }
    package var writeReadme: String { pick(en: "Write a card", zh: "编写卡片") }

    package func binaryChanged(_ old: String, _ new: String) -> String {
        pick(en: "Not text: \(old) → \(new)", zh: "非文本文件：\(old) → \(new)")
    }
    package func tooLargeToCompare(_ old: String, _ new: String) -> String {
        pick(en: "Too much to compare here: \(old) → \(new)", zh: "内容过大，无法在此比较：\(old) → \(new)")
    }
    package func changedFiles(_ count: Int) -> String {
        let text = number(count)
        return pick(count, one: "\(text) file changed", many: "\(text) files changed", zh: "\(text) 个文件有变更")
    }
    package func moreFilesChanged(_ count: Int) -> String {
        let text = number(count)
        return pick(
            count, one: "\(text) more file changed.", many: "\(text) more files changed.", zh: "另有 \(text) 个文件有变更。")
    }
    package func commitsBetween(_ count: Int) -> String {
        let text = number(count)
        return pick(count, one: "\(text) commit", many: "\(text) commits", zh: "\(text) 个提交")
    }
    package func committedBy(_ name: String) -> String { pick(en: "committed by \(name)", zh: "由 \(name) 提交") }
    package func downloadFile(_ name: String) -> String { pick(en: "Download \(name)", zh: "下载 \(name)") }
    package func downloadsByDay(_ days: Int) -> String {
        pick(en: "Downloads a day, the last \(days) days", zh: "最近 \(days) 天每日下载次数")
    }
    package func filesCount(_ count: Int) -> String {
        let text = number(count)
        return pick(count, one: "\(text) file", many: "\(text) files", zh: "\(text) 个文件")
    }
    package func filesOf(_ place: String) -> String { pick(en: "Files of \(place)", zh: "\(place) 的文件") }
    package func firstRows(_ count: Int) -> String {
        let text = number(count)
        return pick(en: "The first \(text) rows.", zh: "仅显示前 \(text) 行。")
    }
    package func rowsOf(_ name: String) -> String {
        pick(en: "Rows of \(name)", zh: "\(name) 的数据行")
    }
    package func historyOf(_ path: String) -> String { pick(en: "History of \(path)", zh: "\(path) 的历史") }
    package func largeFilesHere(_ here: Int, of all: Int) -> String {
        pick(en: "\(here) of \(all) large files stored", zh: "已存储 \(here) / \(all) 个大文件")
    }
    package func licenseFrom(_ source: String) -> String {
        switch source {
        case "text": pick(en: "by its licence text", zh: "依据许可证文本")
        case "card": pick(en: "by its card", zh: "依据卡片")
        case "tag": pick(en: "by a tag", zh: "依据标签")
        case "api": pick(en: "by its upstream", zh: "依据上游")
        default: pick(en: "said nowhere", zh: "未声明")
        }
    }
    package func lineagePlace(_ place: LineagePage.Member.Place) -> String {
        switch place {
        case .ancestor: pick(en: "Made from it", zh: "来源")
        case .current: pick(en: "This one", zh: "当前")
        case .descendant: pick(en: "Made of this", zh: "衍生")
        }
    }
    package func linesCount(_ count: Int) -> String {
        let text = number(count)
        return pick(count, one: "\(text) line", many: "\(text) lines", zh: "\(text) 行")
    }
    package func moreDescendants(_ count: Int) -> String {
        let text = number(count)
        return pick(en: "In all, \(text) were made of this.", zh: "共有 \(text) 个衍生仓库。")
    }
    package func noPathContains(_ text: String) -> String {
        pick(en: "No path of this revision contains “\(text)”.", zh: "此版本中没有包含“\(text)”的路径。")
    }
    package func notMirroredText(_ upstream: String) -> String {
        pick(
            en: "\(upstream) has it. What stands here is what \(upstream) tells; no file was fetched.",
            zh: "\(upstream) 上有此仓库。以下信息来自 \(upstream)，尚未获取任何文件。")
    }
    package func repoLine(_ number: Int) -> String { pick(en: "Line \(number)", zh: "第 \(number) 行") }
    package func repoSortedByName(_ what: String) -> String { pick(en: "\(what), by name", zh: "\(what)，按名称排序") }
    package func repoRangeOf(_ first: Int, _ last: Int, _ total: Int) -> String {
        let (from, to, all) = (number(first), number(last), number(total))
        return pick(en: "\(from)–\(to) of \(all)", zh: "第 \(from)–\(to) 项，共 \(all) 项")
    }
    package func tooLargeToShow(_ size: String) -> String {
        pick(en: "\(size) are too much to show here", zh: "文件大小为 \(size)，无法在此显示")
    }
    package func tooLargeText(_ limit: String) -> String {
        pick(en: "Text is shown up to \(limit). Download it, or clone the repository.", zh: "文本最多显示 \(limit)。请下载或克隆仓库。")
    }
    package func useThis(_ kind: RepositoryHeader.Kind) -> String {
        switch kind {
        case .models: pick(en: "Use this model", zh: "使用此模型")
        case .datasets: pick(en: "Use this dataset", zh: "使用此数据集")
        default: pick(en: "Use this repository", zh: "使用此仓库")
        }
    }
    package func verifiedOf(_ count: Int, _ all: Int) -> String {
        let (some, every) = (number(count), number(all))
        return pick(en: "\(some)/\(every) stored and verified", zh: "已存储并校验 \(some)/\(every)")
    }
    package func repoScan(_ scan: FileState.Scan) -> String {
        switch scan {
        case .clean: pick(en: "Scanned, nothing found", zh: "已扫描，未发现问题")
        case .pending: pick(en: "Not scanned yet", zh: "尚未扫描")
        case .unknown: pick(en: "Scanned, not understood", zh: "已扫描，无法识别")
        case .suspicious: pick(en: "Suspicious", zh: "可疑")
        case .dangerous: pick(en: "Dangerous", zh: "危险")
        }
    }
    package func repoChange(_ change: ChangedFiles.File.Change) -> String {
        switch change {
        case .added: pick(en: "Added", zh: "新增")
        case .removed: pick(en: "Removed", zh: "删除")
        case .modified: pick(en: "Changed", zh: "修改")
        case .renamed: pick(en: "Renamed", zh: "重命名")
        }
    }
    package func repoRelation(_ word: String) -> String {
        switch word {
        case "finetune": pick(en: "fine-tuned", zh: "微调")
        case "adapter": pick(en: "adapter", zh: "适配器")
        case "merge": pick(en: "merged", zh: "合并")
        case "quantized": pick(en: "quantized", zh: "量化")
        case "dataset": pick(en: "dataset", zh: "数据集")
        case "newVersion", "new-version": pick(en: "newer version", zh: "新版本")
        default: pick(en: "derived", zh: "衍生")
        }
    }
    package func repoKnowledge(_ word: String) -> String {
        switch word {
        case "stored": pick(en: "Its files are here", zh: "文件在本地")
        case "told": pick(en: "An upstream told of it", zh: "由上游提供")
        default: pick(en: "Only its name is known", zh: "仅知名称")
        }
    }
    package func repoObligation(_ word: String) -> String {
        switch word {
        case "attribution": pick(en: "Keep credit and notices", zh: "保留署名和声明")
        case "weak-copyleft": pick(en: "Share changes to the work itself", zh: "弱著佐权：公开对作品本身的修改")
        case "strong-copyleft": pick(en: "Share what is built on it under the same terms", zh: "强著佐权：衍生作品须采用相同条款")
        case "network-copyleft": pick(en: "Share the source with users over a network too", zh: "网络著佐权：网络用户也须可获得源码")
        case "non-commercial": pick(en: "No commercial use", zh: "禁止商业使用")
        case "no-derivatives": pick(en: "No derived works", zh: "禁止演绎")
        case "share-alike": pick(en: "Share derived works alike", zh: "以相同方式共享")
        case "use-restrictions": pick(en: "Some uses are forbidden, also downstream", zh: "限制特定用途，且须向下传递")
        case "aup": pick(en: "An acceptable-use policy applies", zh: "适用可接受使用政策")
        case "naming": pick(en: "Derived models carry a name or notice", zh: "衍生模型须使用指定名称或声明")
        case "user-cap": pick(en: "Free only below a number of users or a revenue", zh: "用户数或收入超限须另行授权")
        case "gated-acceptance": pick(en: "Terms to accept at the upstream", zh: "须在上游接受条款")
        case "family-ambiguous": pick(en: "Names a family of licences, not which one", zh: "只注明许可证系列，未指明具体版本")
        default: pick(en: "Nothing is known of its terms", zh: "条款未知")
        }
    }
    package func blockedTitle(_ reason: BlockedPage.Reason) -> String {
        switch reason {
        case .denied: pick(en: "Policy keeps this repository back", zh: "此仓库被策略拦截")
        case .review: pick(en: "This repository waits for a review", zh: "此仓库正在等待审核")
        case .scanning: pick(en: "This repository is being scanned", zh: "正在扫描此仓库")
        case .quarantined: pick(en: "This repository is in quarantine", zh: "此仓库已被隔离")
        case .buried: pick(en: "This repository was taken away", zh: "此仓库已被移除")
        }
    }
    package func blockedText(_ reason: BlockedPage.Reason) -> String {
        switch reason {
        case .denied: pick(en: "Clients get the same answer with the same rule.", zh: "客户端会得到同样的结果和规则。")
        case .review: pick(en: "It is shown as soon as somebody approves it.", zh: "获得批准后即可显示。")
        case .scanning: pick(en: "Load the page again in a moment.", zh: "请稍后重新加载页面。")
        case .quarantined:
            pick(en: "Nothing of it is served until somebody decides.", zh: "在有人作出决定之前不会提供任何内容。")
        case .buried: pick(en: "A tombstone says why, and nothing of it is served any more.", zh: "墓碑记录说明了原因，不再提供任何内容。")
        }
    }
}
