/// Discussions and pull requests.
extension L10n {
    package var discussion: String { pick(en: "Discussion", zh: "讨论") }
    package var pullRequest: String { pick(en: "Pull request", zh: "合并请求") }
    package var newDiscussion: String { pick(en: "New discussion", zh: "发起讨论") }
    package var newPullRequest: String { pick(en: "New pull request", zh: "新建合并请求") }
    package var discussionDraft: String { pick(en: "Draft", zh: "草稿") }
    package var discussionOpen: String { pick(en: "Open", zh: "开启") }
    package var discussionClosed: String { pick(en: "Closed", zh: "已关闭") }
    package var discussionMerged: String { pick(en: "Merged", zh: "已合并") }
    package var discussionKinds: String { pick(en: "Kind", zh: "类型") }
    package var discussionStates: String { pick(en: "State", zh: "状态") }
    package var discussionsAll: String { pick(en: "Everything", zh: "全部") }
    package var discussionsOnly: String { pick(en: "Discussions", zh: "讨论") }
    package var pullRequestsOnly: String { pick(en: "Pull requests", zh: "合并请求") }
    package var statesOpen: String { pick(en: "Open", zh: "开启") }
    package var statesClosed: String { pick(en: "Closed", zh: "已关闭") }
    package var statesAll: String { pick(en: "Any state", zh: "全部状态") }
    package var discussionsEmpty: String { pick(en: "Nothing here yet", zh: "暂无内容") }
    package var discussionsEmptyText: String {
        pick(
            en: "Ask a question, report what is wrong, or propose a change of the files.",
            zh: "您可以提问、反馈问题，或提出文件修改。")
    }
    package var accountGone: String { pick(en: "somebody who left", zh: "已注销用户") }
    package func eventCount(_ count: Int64) -> String {
        let text = number(count)
        return pick(Int(clamping: count), one: "\(text) entry", many: "\(text) entries", zh: "\(text) 条记录")
    }
    package func shownOf(_ first: Int, _ last: Int, _ total: Int64) -> String {
        let (a, b, c) = (number(first), number(last), number(total))
        return pick(en: "\(a)–\(b) of \(c)", zh: "第 \(a)–\(b) 项，共 \(c) 项")
    }
    package var discussionTitle: String { pick(en: "Title", zh: "标题") }
    package var discussionText: String { pick(en: "Description", zh: "描述") }
    package var markdownHint: String { pick(en: "Markdown; @name mentions somebody.", zh: "支持 Markdown，使用 @用户名 提及他人。") }
    package var openDiscussion: String { pick(en: "Open discussion", zh: "发起讨论") }
    package var openPullRequest: String { pick(en: "Open pull request", zh: "创建合并请求") }
    package var pullFrom: String { pick(en: "Changes of", zh: "来源分支") }
    package var pullInto: String { pick(en: "Into", zh: "目标分支") }
    package var pullNoBranches: String { pick(en: "There is no other branch", zh: "没有其他分支") }
    package var pullNoBranchesText: String {
        pick(
            en: "Edit or upload a file and choose “Open a pull request” there, or push a branch first.",
            zh: "请在编辑或上传文件时选择“创建合并请求”，或先推送一个分支。")
    }
    package var pullRequestViews: String { pick(en: "Views of the pull request", zh: "合并请求视图") }
    package var conversation: String { pick(en: "Conversation", zh: "对话") }
    package var changes: String { pick(en: "Changes", zh: "文件更改") }
    package var noChanges: String { pick(en: "Nothing is different", zh: "没有差异") }
    package var noChangesText: String { pick(en: "The branch has all of it.", zh: "目标分支已包含全部内容。") }
    package func statusEvent(_ state: DiscussionState) -> String {
        switch state {
        case .draft: pick(en: "made it a draft", zh: "设为草稿")
        case .open: pick(en: "opened it", zh: "重新开启")
        case .closed: pick(en: "closed it", zh: "关闭")
        case .merged: pick(en: "merged it", zh: "合并")
        }
    }
    package var commitEvent: String { pick(en: "committed", zh: "提交了") }
    package var titleEvent: String { pick(en: "changed the title", zh: "修改标题") }
    package func commentEdited(_ count: Int64) -> String {
        let text = number(count)
        return pick(Int(clamping: count), one: "edited \(text) time", many: "edited \(text) times", zh: "已编辑 \(text) 次")
    }
    package func commentHidden(_ name: String) -> String {
        pick(en: "\(name) hid this comment.", zh: "\(name) 隐藏了此评论。")
    }
    package var commentShowHidden: String { pick(en: "Show what it says", zh: "显示内容") }
    package var commentHide: String { pick(en: "Hide", zh: "隐藏") }
    package var commentUnhide: String { pick(en: "Show again", zh: "恢复显示") }
    package var commentEdit: String { pick(en: "Edit this comment", zh: "编辑此评论") }
    package var commentText: String { pick(en: "Comment", zh: "评论内容") }
    package var addComment: String { pick(en: "Add a comment", zh: "添加评论") }
    package var comment: String { pick(en: "Comment", zh: "评论") }
    package var closeDiscussion: String { pick(en: "Close", zh: "关闭") }
    package var reopenDiscussion: String { pick(en: "Open again", zh: "重新开启") }
    package var readyForReview: String { pick(en: "Ready for review", zh: "可以评审") }
    package var signInToComment: String { pick(en: "Sign in to comment", zh: "登录后评论") }
    package var mergedAs: String { pick(en: "Merged as", zh: "合并为") }
    package func checkState(_ tone: StateChip.Tone) -> String {
        switch tone {
        case .ok: pick(en: "Fine", zh: "通过")
        case .bad: pick(en: "Blocks", zh: "阻止合并")
        case .warn: pick(en: "Look at it", zh: "请留意")
        case .info, .neutral: pick(en: "Pending", zh: "待定")
        }
    }
    package func merge(into branch: String) -> String { pick(en: "Merge into \(branch)", zh: "合并到 \(branch)") }
    package var mergeBlocked: String {
        pick(en: "It cannot be merged until what blocks it is solved.", zh: "解决阻止项后才能合并。")
    }
    package var mergeDraft: String {
        pick(en: "It is a draft: its author says when it is ready.", zh: "这是草稿，需由作者标记为可以评审。")
    }
    package var mergeNotYours: String {
        pick(en: "Somebody who may write to the repository merges it.", zh: "需由有写权限的人合并。")
    }
    package var mergeChecks: String { pick(en: "Before it is merged", zh: "合并检查") }
    package var checkConflictsNone: String { pick(en: "It goes together with the branch", zh: "与目标分支没有冲突") }
    package var checkConflicts: String {
        pick(en: "The branch changed the same files", zh: "目标分支修改了相同的文件")
    }
    package var checkMayMerge: String { pick(en: "You may merge it", zh: "您可以合并") }
    package var checkMayNotMerge: String { pick(en: "You may not merge it", zh: "您没有合并权限") }
    package var checkFrozen: String { pick(en: "The branch is frozen", zh: "目标分支已冻结") }
    package var checkCardFine: String { pick(en: "The card can be read", zh: "卡片元数据可读") }
    package var checkCardBroken: String { pick(en: "The card cannot be read", zh: "卡片元数据无法解析") }
    package func checkLicense(_ from: String, _ to: String) -> String {
        pick(en: "The licence changes from \(from) to \(to)", zh: "许可证由 \(from) 变为 \(to)")
    }
    package var checkLicenseSame: String { pick(en: "The licence stays", zh: "许可证不变") }
    package var checkScanClean: String { pick(en: "Scans found nothing", zh: "扫描未发现问题") }
    package var checkScanPending: String { pick(en: "Scans are not finished", zh: "扫描尚未完成") }
    package var checkScanFound: String { pick(en: "Scans found something", zh: "扫描发现问题") }
    package var changeTitle: String { pick(en: "Change the title", zh: "修改标题") }
    package var checkOut: String { pick(en: "On your machine", zh: "在本地检出") }
    package var browseFiles: String { pick(en: "Browse its files", zh: "浏览文件") }
    package var discussionsOff: String { pick(en: "Discussions are switched off here.", zh: "此仓库未开启讨论。") }
}
