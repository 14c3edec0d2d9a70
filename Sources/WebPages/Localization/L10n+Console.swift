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
