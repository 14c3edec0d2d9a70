/// The console: its navigation and its overview.
extension L10n {
    package var consoleMenu: String { pick(en: "Console pages", zh: "控制台页面") }
    package var consoleMirror: String { pick(en: "Mirror", zh: "镜像") }
    package var consoleRules: String { pick(en: "Rules", zh: "规则") }
    package var consoleRecords: String { pick(en: "Records", zh: "记录") }
    package var consoleSpace: String { pick(en: "Space", zh: "空间") }
    package var consolePeople: String { pick(en: "People", zh: "人员") }
    package var consoleMachine: String { pick(en: "Machine", zh: "机器") }

    package func consolePlace(_ place: ConsoleShell.Place) -> String {
        switch place {
        case .overview: pick(en: "Overview", zh: "概览")
        case .sync: pick(en: "Sync", zh: "同步")
        case .upstreams: pick(en: "Upstreams", zh: "上游")
        case .bundles: pick(en: "Bundles", zh: "离线包")
        case .recommendations: pick(en: "Recommendations", zh: "推荐")
        case .policies: pick(en: "Policies", zh: "策略")
        case .explain: pick(en: "Why blocked?", zh: "为何被拦截？")
        case .approvals: pick(en: "Approvals", zh: "审批")
        case .licenses: pick(en: "Licences", zh: "许可证")
        case .scans: pick(en: "Scans", zh: "安全扫描")
        case .tombstones: pick(en: "Tombstones", zh: "下架记录")
        case .provenance: pick(en: "Provenance", zh: "来源")
        case .log: pick(en: "Transparency log", zh: "透明日志")
        case .audit: pick(en: "Audit log", zh: "审计日志")
        case .storage: pick(en: "Storage", zh: "存储")
        case .quotas: pick(en: "Quotas", zh: "配额")
        case .users: pick(en: "Users", zh: "用户")
        case .organisations: pick(en: "Organisations", zh: "组织")
        case .system: pick(en: "System", zh: "系统")
        }
    }
}

/// The overview.
extension L10n {
    package var overviewTitle: String { pick(en: "Overview", zh: "概览") }
    package var overviewNote: String { pick(en: "How this hub stands.", zh: "站点运行概况。") }
    package var overviewFigures: String { pick(en: "Figures", zh: "关键指标") }
    package var overviewMirrored: String { pick(en: "Mirrored", zh: "已镜像仓库") }
    package var overviewBehind: String { pick(en: "Behind upstream", zh: "落后于上游") }
    package var overviewRunning: String { pick(en: "Jobs running", zh: "运行中的任务") }
    package var overviewFailed: String { pick(en: "Jobs failed", zh: "失败的任务") }
    package var overviewRequests: String { pick(en: "Open requests", zh: "待处理申请") }
    package var overviewFindings: String { pick(en: "Files with findings", zh: "扫描发现") }
    package var overviewStorage: String { pick(en: "Stored", zh: "已用存储") }
    package var overviewAttention: String { pick(en: "Wants attention", zh: "需要关注") }
    package var overviewNothing: String { pick(en: "Nothing wants attention", zh: "一切正常，无需处理") }
    package var overviewOpen: String { pick(en: "Open", zh: "查看") }
    package var overviewWhy: String { pick(en: "Why is this model blocked?", zh: "这个模型为何被拦截？") }
    package var overviewHow: String { pick(en: "How far is my sync?", zh: "我的同步进行到哪了？") }

    package func matterWord(_ kind: OverviewPage.Matter.Kind) -> String {
        switch kind {
        case .policyRefused: pick(en: "Policy", zh: "策略")
        case .upstreamDown: pick(en: "Upstream", zh: "上游")
        case .jobFailed: pick(en: "Failed job", zh: "失败任务")
        case .requestOpen: pick(en: "Request", zh: "申请")
        case .damaged: pick(en: "Damage", zh: "数据损坏")
        case .scanFailing: pick(en: "Scans", zh: "扫描")
        }
    }
    package func matterText(_ kind: OverviewPage.Matter.Kind, _ detail: String?) -> String {
        let more = detail ?? ""
        return switch kind {
        case .policyRefused:
            pick(en: "The last change of the policy files was refused: \(more)", zh: "最近一次策略修改未通过：\(more)")
        case .upstreamDown(let name): pick(en: "\(name) does not answer: \(more)", zh: "\(name) 无响应：\(more)")
        case .jobFailed(let subject):
            more.isEmpty ? subject : pick(en: "\(subject): \(more)", zh: "\(subject)：\(more)")
        case .requestOpen(let repository):
            pick(en: "\(repository) waits for a decision: \(more)", zh: "\(repository) 等待审批：\(more)")
        case .damaged(let count):
            pick(en: "\(number(count)) stored objects are damaged", zh: "\(number(count)) 个存储对象已损坏")
        case .scanFailing(let count):
            pick(en: "\(number(count)) files could not be scanned", zh: "\(number(count)) 个文件无法扫描")
        }
    }
}
