/// Why something is blocked.
extension L10n {
    package var explainEmptyTitle: String { pick(en: "Why is it blocked?", zh: "为何被拦截？") }
    package func explainTitle(_ name: String) -> String { pick(en: "Why: \(name)", zh: "策略判定：\(name)") }
    package var explainNote: String {
        pick(
            en: "Every rule that is judged for a repository, in order, with what made it apply.",
            zh: "按顺序列出对仓库生效的每条规则及其依据。")
    }
    package var explainFile: String { pick(en: "File", zh: "文件") }
    package var explainUser: String { pick(en: "As user", zh: "模拟用户") }
    package var explainAsk: String { pick(en: "Explain", zh: "查询") }
    package var explainAgain: String { pick(en: "Ask about another case", zh: "查询其他情形") }
    package var explainAllowed: String { pick(en: "Allowed", zh: "允许") }
    package var explainHeld: String { pick(en: "Held for review", zh: "等待审批") }
    package var explainQuarantined: String { pick(en: "In quarantine", zh: "已隔离") }
    package var explainDenied: String { pick(en: "Blocked", zh: "已拦截") }
    package func explainDecisive(_ rule: String, _ reason: String) -> String {
        pick(en: "Rule “\(ruleName(rule))” decides: \(reason).", zh: "由规则“\(ruleName(rule))”决定：\(reason)。")
    }
    package var explainNothing: String { pick(en: "No rule holds it back.", zh: "没有规则拦截它。") }
    package var explainApproved: String {
        pick(en: "It is held by a rule, and an approval lets it pass.", zh: "虽有规则拦截，但已获批准放行。")
    }
    package func explainRemark(_ remark: String) -> String { pick(en: "Note: \(remark)", zh: "说明：\(remark)") }
    package func explainWho(_ owner: String?, _ place: String) -> String {
        guard let owner else {
            return pick(
                en: "Written in \(place); whoever keeps that file can change it.", zh: "规则位于 \(place)，由该文件的维护者修改。")
        }
        return pick(en: "Written in \(place); ask \(owner).", zh: "规则位于 \(place)，请联系 \(owner)。")
    }
    package var explainRules: String { pick(en: "The rules, in order", zh: "规则判定过程") }
    package var explainOrder: String {
        pick(en: "All are judged; the strictest decides, wherever it stands.", zh: "所有规则都会判定，最严格的一条生效，与先后无关。")
    }
    package var stepPasses: String { pick(en: "Passes", zh: "通过") }
    package var stepAllows: String { pick(en: "Allows", zh: "允许") }
    package var stepHolds: String { pick(en: "Holds", zh: "待审批") }
    package var stepDenies: String { pick(en: "BLOCKS", zh: "拦截") }
    package var stepWarns: String { pick(en: "Warns", zh: "警告") }
    package var stepUnknown: String { pick(en: "Not known yet", zh: "尚无法判定") }
    package var stepDecisive: String { pick(en: " · decides", zh: " · 决定性规则") }
    package func stepMissing(_ facts: String) -> String { pick(en: "missing: \(facts)", zh: "缺少：\(facts)") }
    package func ruleName(_ id: String) -> String {
        switch id {
        case "license": pick(en: "licence lists", zh: "许可证清单")
        case "scan": pick(en: "scans", zh: "安全扫描")
        case "provenance": pick(en: "signatures", zh: "签名")
        case "default": pick(en: "what holds where no rule allows", zh: "默认规则")
        case "approval": pick(en: "approval", zh: "审批")
        default: id
        }
    }
    package var explainException: String { pick(en: "Request an exception", zh: "申请例外") }
    package var explainExceptionNote: String {
        pick(
            en: "Reviewers see what you see here, and decide for how long and how far it may pass.",
            zh: "审批人会看到此处的依据，并决定放行的范围与期限。")
    }
    package var explainRequest: String { pick(en: "Request exception", zh: "申请例外") }
    package var explainWaits: String { pick(en: "A request for it waits for a decision.", zh: "已有一个申请等待审批。") }
    package var explainSignIn: String { pick(en: "Sign in to ask for a review.", zh: "登录后可申请审批。") }
    package var explainClients: String { pick(en: "What clients are told", zh: "客户端收到的信息") }
    package var explainTold: String { pick(en: "Status and code", zh: "状态码与错误码") }
    package var explainOwner: String { pick(en: "Answers for it", zh: "负责人") }
    package var explainRemedies: String { pick(en: "What can be done", zh: "可以怎么做") }
    package var explainFacts: String { pick(en: "What is known", zh: "判定依据") }
    package var explainPolicy: String { pick(en: "Decided by the policy", zh: "策略版本") }

    package func factName(_ name: String) -> String {
        switch name {
        case "kind": pick(en: "Kind", zh: "类型")
        case "repository": pick(en: "Name at the upstream", zh: "上游名称")
        case "revision": pick(en: "Revision", zh: "版本")
        case "commit": pick(en: "Commit", zh: "提交")
        case "file": pick(en: "File", zh: "文件")
        case "fileSize": pick(en: "Size of the file", zh: "文件大小")
        case "totalSize": pick(en: "Size in all", zh: "总大小")
        case "license": pick(en: "Licence", zh: "许可证")
        case "licenseFlags": pick(en: "What it asks for", zh: "许可证要求")
        case "licenseDeclared": pick(en: "Licence as declared", zh: "声明的许可证")
        case "licenseConcluded": pick(en: "Licence as found", zh: "判定的许可证")
        case "licenseChain": pick(en: "Where the terms come from", zh: "许可证来源链")
        case "licenseConflicts": pick(en: "Conflicts", zh: "许可证冲突")
        case "licenseAdvisories": pick(en: "Worth knowing", zh: "提示")
        case "tags": pick(en: "Tags", zh: "标签")
        case "task": pick(en: "Task", zh: "任务类型")
        case "library": pick(en: "Library", zh: "框架")
        case "languages": pick(en: "Languages", zh: "语言")
        case "author": pick(en: "Author", zh: "作者")
        case "downloads": pick(en: "Downloads", zh: "下载量")
        case "parameters": pick(en: "Parameters", zh: "参数量")
        case "updatedAt": pick(en: "Updated", zh: "更新时间")
        case "files": pick(en: "Files", zh: "文件数")
        case "signedByTrustedKey": pick(en: "Signed by a trusted key", zh: "可信密钥签名")
        case "user": pick(en: "For the user", zh: "用户")
        case "organisation": pick(en: "For the organisation", zh: "组织")
        case "scan": pick(en: "Scan", zh: "安全扫描")
        case "approval": pick(en: "Approval", zh: "审批")
        default: pick(en: "Fact “\(name)”", zh: "依据“\(name)”")
        }
    }
}

/// Requests for reviews.
extension L10n {
    package var approvalsTitle: String { pick(en: "Approvals", zh: "审批") }
    package var approvalsNote: String {
        pick(en: "What rules hold for review, who wants it and what was decided.", zh: "被规则拦截待审的内容、申请人与审批结果。")
    }
    package var approvalAll: String { pick(en: "All", zh: "全部") }
    package func approvalState(_ state: ApprovalView.State) -> String {
        switch state {
        case .open: pick(en: "Open", zh: "待处理")
        case .approved: pick(en: "Approved", zh: "已批准")
        case .rejected: pick(en: "Denied", zh: "已拒绝")
        case .expired: pick(en: "Expired", zh: "已过期")
        case .withdrawn: pick(en: "Withdrawn", zh: "已撤回")
        }
    }
    package var approvalFilter: String { pick(en: "Filter", zh: "筛选") }
    package var approvalsNoneTitle: String { pick(en: "No requests here", zh: "没有申请") }
    package var approvalsNone: String {
        pick(
            en: "A request appears when somebody asks for what a rule holds for review.",
            zh: "当有人请求被规则拦截待审的内容时，申请会显示在这里。")
    }
    package var approvalWhat: String { pick(en: "Request", zh: "申请") }
    package var approvalWhy: String { pick(en: "Held by", zh: "拦截原因") }
    package var approvalBy: String { pick(en: "Asked by", zh: "申请人") }
    package var approvalWhen: String { pick(en: "Asked", zh: "申请时间") }
    package func approvalNumber(_ id: Int64) -> String { pick(en: "Request #\(id)", zh: "申请 #\(id)") }
    package var approvalExplain: String { pick(en: "Why is it held?", zh: "查看判定过程") }
    package var approvalReasons: String { pick(en: "Why it is held", zh: "拦截原因") }
    package var approvalDecide: String { pick(en: "Decision", zh: "审批") }
    package var approvalOwn: String {
        pick(en: "You asked for this yourself: somebody else has to approve it.", zh: "这是您自己的申请，须由他人批准。")
    }
    package var approvalWaiting: String { pick(en: "It waits for a reviewer.", zh: "等待审批人处理。") }
    package var approvalNotYours: String {
        pick(en: "Reviewers of this mirror decide on it.", zh: "由该镜像的审批人处理。")
    }
    package var approvalRevokeTitle: String { pick(en: "Take it back", zh: "撤销批准") }
    package var approvalRevokeNote: String {
        pick(en: "What it let pass is held again at once.", zh: "撤销后，相关内容立即恢复拦截。")
    }
    package var approvalApprove: String { pick(en: "Approve", zh: "批准") }
    package var approvalReject: String { pick(en: "Deny", zh: "拒绝") }
    package var approvalRevoke: String { pick(en: "Revoke", zh: "撤销批准") }
    package var approvalWithdraw: String { pick(en: "Withdraw", zh: "撤回申请") }
    package var approvalScopeName: String { pick(en: "What passes", zh: "放行范围") }
    package func approvalScope(_ word: String) -> String {
        switch word {
        case "revision": pick(en: "this commit", zh: "此提交")
        case "repository": pick(en: "every commit of the repository", zh: "仓库的所有提交")
        default: pick(en: "one file of this commit", zh: "此提交的单个文件")
        }
    }
    package var approvalEnds: String { pick(en: "Ends", zh: "有效期") }
    package func approvalUsual(_ days: Int64?) -> String {
        guard let days else { return pick(en: "never", zh: "长期有效") }
        return pick(en: "as the mirror says: after \(number(days)) days", zh: "按镜像设置：\(number(days)) 天后")
    }
    package func approvalDays(_ days: Int) -> String { pick(en: "after \(days) days", zh: "\(days) 天后") }
    package var approvalPath: String { pick(en: "File", zh: "文件") }
    package var approvalPathHint: String { pick(en: "Only for one file.", zh: "仅在放行单个文件时填写。") }
    package var approvalNote: String { pick(en: "Reason", zh: "理由") }
    package var approvalNoteHint: String { pick(en: "It is kept in the audit log.", zh: "将记入审计日志。") }
    package var approvalNoteMissing: String { pick(en: "Say why.", zh: "请填写理由。") }
    package var approvalCommit: String { pick(en: "Commit", zh: "提交") }
    package var approvalDecidedBy: String { pick(en: "Decided by", zh: "审批人") }
    package var approvalDecidedAt: String { pick(en: "Decided", zh: "审批时间") }
    package var approvalHistory: String { pick(en: "History", zh: "处理记录") }
    package var approvalAskers: String { pick(en: "Who wants it", zh: "需求人") }
    package func approvalAsked(_ count: Int64) -> String {
        pick(Int(count), one: "once", many: "\(number(count)) times", zh: "\(number(count)) 次")
    }
}

/// Policies.
extension L10n {
    package var policiesTitle: String { pick(en: "Policies", zh: "策略") }
    package var policiesNote: String {
        pick(en: "The files that say what is mirrored and what may pass.", zh: "决定镜像内容与放行规则的文件。")
    }
    package var policiesNoneTitle: String { pick(en: "No policy files", zh: "没有策略文件") }
    package var policiesNone: String {
        pick(en: "This hub mirrors nothing, and so holds nothing back.", zh: "此站点不镜像任何内容，也没有拦截规则。")
    }
    package var policyInForce: String { pick(en: "In force", zh: "生效中") }
    package func policyLoaded(_ time: String) -> String { pick(en: "read \(time)", zh: "加载于 \(time)") }
    package var policyRefused: String {
        pick(en: "The last change was refused; the policy before it stays in force.", zh: "最近一次修改未通过校验，仍使用之前的策略。")
    }
    package var policyFiles: String { pick(en: "Files", zh: "文件") }
    package var policyMirrors: String { pick(en: "Mirrors", zh: "镜像") }
    package var policyMode: String { pick(en: "Mode", zh: "模式") }
    package func policyModeName(_ word: String) -> String {
        switch word {
        case "browse": pick(en: "browse: shows, serves nothing", zh: "仅浏览")
        case "proxy": pick(en: "proxy: fetched when asked for", zh: "按需代理")
        case "mirror": pick(en: "mirror: fetched ahead", zh: "提前镜像")
        default: pick(en: "offline: never asks upstream", zh: "离线")
        }
    }
    package var policyRules: String { pick(en: "Rules", zh: "规则数") }
    package var policyDefault: String { pick(en: "Otherwise", zh: "默认") }
    package func policyOutcome(_ word: String) -> String {
        switch word {
        case "allow": pick(en: "allowed", zh: "允许")
        case "review": pick(en: "held for review", zh: "待审批")
        case "deny": pick(en: "blocked", zh: "拦截")
        default: pick(en: "not there", zh: "无")
        }
    }
    package var policyPlace: String { pick(en: "Written in", zh: "定义位置") }
    package var policySchedule: String { pick(en: "Schedule", zh: "计划") }
    package var policyReload: String { pick(en: "Read the files again", zh: "重新加载") }
    package var policyNotShown: String {
        pick(en: "Operators and auditors see the files themselves.", zh: "文件内容仅运维与审计人员可见。")
    }
    package var policyTry: String { pick(en: "Try a change", zh: "试算修改") }
    package var policyTryNote: String {
        pick(
            en:
                "Nothing is saved: you see what is wrong with it, and for which repositories the decision would change.",
            zh: "不会保存任何内容：可查看错误，以及哪些仓库的判定会改变。")
    }
    package var policyFileName: String { pick(en: "File", zh: "文件") }
    package var policyNewFile: String { pick(en: "a new file: changed.yaml", zh: "新文件：changed.yaml") }
    package var policyText: String { pick(en: "The file as it would be", zh: "修改后的文件内容") }
    package var policyCheck: String { pick(en: "See what would change", zh: "查看影响") }
    package var policyWrong: String { pick(en: "The file would be refused", zh: "该文件不会通过校验") }
    package var policyNoChange: String { pick(en: "No decision would change.", zh: "没有判定会改变。") }
    package func policyLooked(_ count: Int) -> String {
        pick(
            count, one: "1 repository was looked at.", many: "\(number(count)) repositories were looked at.",
            zh: "共检查 \(number(count)) 个仓库。")
    }
    package func policyBlocked(_ count: Int) -> String {
        pick(en: "Newly blocked: \(number(count))", zh: "新增拦截：\(number(count))")
    }
    package func policyAllowed(_ count: Int) -> String {
        pick(en: "Newly allowed: \(number(count))", zh: "新增放行：\(number(count))")
    }
    package func policyMirrored(_ count: Int) -> String {
        pick(en: "Newly mirrored: \(number(count))", zh: "新增镜像：\(number(count))")
    }
    package func policyOther(_ count: Int) -> String {
        pick(en: "Otherwise changed: \(number(count))", zh: "其他变化：\(number(count))")
    }
    package var policyBefore: String { pick(en: "Now", zh: "当前") }
    package var policyAfter: String { pick(en: "Then", zh: "修改后") }
    package var policyDownloads: String { pick(en: "Downloads here", zh: "本站下载量") }
    package func policyBlockedFiles(_ count: Int) -> String {
        pick(count, one: "1 file", many: "\(number(count)) files", zh: "\(number(count)) 个文件")
    }
    package func policyToFetch(_ size: String) -> String {
        pick(en: "\(size) would be fetched ahead.", zh: "将提前获取 \(size)。")
    }
    package var policySource: String { pick(en: "The file", zh: "文件内容") }
    package func policyLine(_ line: Int) -> String { pick(en: "Line \(line)", zh: "第 \(line) 行") }
    package var policyTryThis: String { pick(en: "Try a change of this file", zh: "试算修改此文件") }
}

/// Bundles.
extension L10n {
    package var bundlesTitle: String { pick(en: "Bundles", zh: "离线包") }
    package var bundlesNote: String {
        pick(
            en: "Signed files that carry repositories over an air gap, out and in.",
            zh: "经签名的文件，用于在隔离网络之间导出和导入仓库。")
    }
    package var bundlesNoneTitle: String { pick(en: "No bundles yet", zh: "还没有离线包") }
    package var bundlesNone: String { pick(en: "What goes out and comes in is listed here.", zh: "导出和导入的离线包会列在这里。") }
    package var bundlesHistory: String { pick(en: "History", zh: "历史记录") }
    package var bundleExport: String { pick(en: "Export", zh: "导出") }
    package var bundleExportNote: String {
        pick(
            en: "Choose mirrors or name repositories; look at what it would contain before it is written.",
            zh: "选择镜像或指定仓库；写入前可先查看内容。")
    }
    package var bundleMirrors: String { pick(en: "Everything of these mirrors", zh: "这些镜像的全部内容") }
    package var bundleRepositories: String { pick(en: "Repositories", zh: "仓库") }
    package var bundleRepositoriesHint: String {
        pick(
            en: "One a line: model:acme/demo or model:acme/demo@main.",
            zh: "每行一个：model:acme/demo 或 model:acme/demo@main。")
    }
    package var bundleSince: String { pick(en: "Only what came since", zh: "仅包含此后新增") }
    package var bundleWhole: String { pick(en: "everything", zh: "全部内容") }
    package func bundleSinceNumber(_ number: Int64) -> String {
        pick(en: "bundle number \(number)", zh: "第 \(number) 号离线包之后")
    }
    package var bundleRecipient: String { pick(en: "For the site", zh: "接收站点") }
    package var bundleRecipientHint: String { pick(en: "Empty: any site may take it.", zh: "留空表示任何站点均可导入。") }
    package var bundlePreview: String { pick(en: "Show what it would contain", zh: "查看内容") }
    package var bundleWrite: String { pick(en: "Write the bundle", zh: "生成离线包") }
    package var bundleContains: String { pick(en: "What it would contain", zh: "将包含的内容") }
    package func bundleSum(_ count: Int, _ size: String) -> String {
        pick(
            count, one: "1 repository, \(size) stored", many: "\(number(count)) repositories, \(size) stored",
            zh: "\(number(count)) 个仓库，已存 \(size)")
    }
    package var bundleNothingChosen: String { pick(en: "Choose a mirror, or name a repository.", zh: "请选择镜像或指定仓库。") }
    package var bundleImport: String { pick(en: "Import", zh: "导入") }
    package func bundleImportNote(_ folder: String) -> String {
        pick(en: "Files of the folder \(folder) on the server.", zh: "来自服务器目录 \(folder) 的文件。")
    }
    package var bundleNoFolder: String {
        pick(
            en: "The server was started without a folder of bundles (--bundle-folder).",
            zh: "服务器启动时未指定离线包目录（--bundle-folder）。")
    }
    package var bundleFolderEmpty: String { pick(en: "The folder is empty.", zh: "目录为空。") }
    package var bundleVerify: String { pick(en: "Verify", zh: "校验") }
    package var bundleTake: String { pick(en: "Import", zh: "导入") }
    package var bundleVerified: String { pick(en: "What it holds", zh: "校验结果") }
    package func bundleSigned(_ key: String) -> String {
        pick(en: "Signed by a trusted key (\(key)).", zh: "由可信密钥签名（\(key)）。")
    }
    package var bundleRefused: String { pick(en: "It would be refused", zh: "将被拒绝") }
    package var bundleDirection: String { pick(en: "Way", zh: "方向") }
    package func bundleWay(_ isOut: Bool) -> String { isOut ? pick(en: "out", zh: "导出") : pick(en: "in", zh: "导入") }
    package var bundleNumber: String { pick(en: "Number", zh: "编号") }
    package var bundleID: String { pick(en: "Id", zh: "标识") }
    package var bundleBy: String { pick(en: "By", zh: "操作人") }
    package var bundleWhen: String { pick(en: "When", zh: "时间") }
    package var bundleComplete: String { pick(en: "Complete", zh: "完整") }
    package var bundlePartial: String { pick(en: "In part", zh: "部分") }
    package var bundleDownload: String { pick(en: "Download", zh: "下载") }
    package func bundleOutcome(_ word: String) -> String {
        switch word {
        case "exported": pick(en: "exported", zh: "已导出")
        case "published": pick(en: "published", zh: "已发布")
        case "publish": pick(en: "would be published", zh: "将发布")
        case "unchanged": pick(en: "unchanged", zh: "无变化")
        default: pick(en: "refused", zh: "已拒绝")
        }
    }
    package var bundleOutcomeName: String { pick(en: "What became of it", zh: "结果") }
    package var bundleWhere: String { pick(en: "File on the server", zh: "服务器上的文件") }
    package var bundleKey: String { pick(en: "Signing key", zh: "签名密钥") }
    package var bundlesBack: String { pick(en: "Back to all bundles", zh: "返回全部离线包") }
}

/// Recommendations.
extension L10n {
    package var recommendationsTitle: String { pick(en: "Recommendations", zh: "推荐") }
    package var recommendationsNote: String {
        pick(
            en: "What fits best of what is here and at upstreams, with every reason. Nothing that policy denies.",
            zh: "从本站与上游中选出最合适的内容，并说明理由。不包含被策略拦截的内容。")
    }
    package var recommendFor: String { pick(en: "For", zh: "为谁推荐") }
    package var recommendSelf: String { pick(en: "myself", zh: "我自己") }
    package var recommendKind: String { pick(en: "Kind", zh: "类型") }
    package func recommendKindName(_ kind: String) -> String { kind == "dataset" ? datasets : models }
    package var recommendTask: String { pick(en: "Task", zh: "任务类型") }
    package var recommendShow: String { pick(en: "Show", zh: "查看") }
    package var recommendNoneTitle: String { pick(en: "Nothing to recommend", zh: "暂无推荐") }
    package var recommendNone: String {
        pick(en: "Nothing fits, or the catalogues of the upstreams are not read yet.", zh: "没有匹配的内容，或尚未读取上游目录。")
    }
    package var recommendHere: String { pick(en: "Here", zh: "本地已有") }
    package var recommendMirror: String { pick(en: "Mirror", zh: "镜像") }
    package var recommendMore: String { pick(en: "Why", zh: "理由") }
    package func recommendFrom(_ upstream: String) -> String { pick(en: "from \(upstream)", zh: "来自 \(upstream)") }
    package func recommendConsidered(_ count: Int) -> String {
        pick(
            count, one: "1 was considered.", many: "\(number(count)) were considered.", zh: "共考虑 \(number(count)) 个候选。")
    }
}
