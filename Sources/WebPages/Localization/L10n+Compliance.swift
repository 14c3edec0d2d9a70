/// Licences, provenance, scans, storage, the records of what happened, and what was taken away.
extension L10n {
    package var complianceRepository: String { pick(en: "Repository", zh: "仓库") }
    package var complianceShow: String { pick(en: "Show", zh: "查看") }
    package var complianceAll: String { pick(en: "All of the hub", zh: "整个站点") }
    package var complianceScope: String { pick(en: "Organisation", zh: "范围") }
    package var complianceWhen: String { pick(en: "When", zh: "时间") }
    package var complianceWhy: String { pick(en: "Reason", zh: "原因") }
    package var complianceBy: String { pick(en: "By whom", zh: "操作人") }
    package var complianceDigest: String { pick(en: "Digest", zh: "摘要") }
    package var complianceState: String { pick(en: "State", zh: "状态") }
    package var complianceKind: String { pick(en: "Kind", zh: "类型") }
    package var complianceOlder: String { pick(en: "Older", zh: "更早") }

    // MARK: Licences

    package var complianceLicenses: String { pick(en: "Licence compliance", zh: "许可证合规") }
    package var complianceLicensesNote: String {
        pick(
            en: "What holds for each repository by its own texts and by everything it was made from.",
            zh: "依据仓库自身许可证文本及其全部来源得出的结论。")
    }
    package var complianceExport: String { pick(en: "Export the whole report", zh: "导出完整报告") }
    package var complianceAssets: String { pick(en: "Repositories", zh: "资产") }
    package var complianceConflicts: String { pick(en: "Conflicts", zh: "冲突") }
    package var complianceUnknown: String { pick(en: "Unknown terms", zh: "未知许可") }
    package var complianceExceptions: String { pick(en: "Exceptions", zh: "例外") }
    package func complianceEnding(_ count: Int) -> String {
        pick(en: "\(count) end within 14 days", zh: "\(count) 项将在 14 天内到期")
    }
    package var complianceRefused: String { pick(en: "Refused by policy", zh: "策略拒绝") }
    package func complianceTruncated(_ count: Int) -> String {
        pick(
            en: "Only the first \(number(count)) repositories are shown here. The export holds all of them.",
            zh: "此处仅显示前 \(number(count)) 个仓库，导出文件包含全部。")
    }
    package var complianceMatrix: String { pick(en: "Licences and what they let be done", zh: "许可证与允许的用途") }
    package var complianceMatrixNote: String {
        pick(
            en: "A reading of the terms for orientation, no legal advice. Sorted by how many repositories have them.",
            zh: "仅供参考的条款解读，不构成法律意见。按涉及的仓库数量排序。")
    }
    package var complianceTerms: String { pick(en: "Terms", zh: "条款") }
    package var complianceLicense: String { pick(en: "Licence", zh: "许可证") }
    package func complianceUse(_ use: String) -> String {
        switch use {
        case "internal": pick(en: "Use inside", zh: "内部使用")
        case "commercial": pick(en: "Commercial use", zh: "商业使用")
        default: pick(en: "Pass on", zh: "再分发")
        }
    }
    package func complianceVerdict(_ verdict: String) -> String {
        switch verdict {
        case "yes": pick(en: "Yes", zh: "可以")
        case "terms": pick(en: "On terms", zh: "有条件")
        case "no": pick(en: "No", zh: "不可以")
        default: pick(en: "Unknown", zh: "未知")
        }
    }
    package func complianceFlag(_ flag: String) -> String {
        switch flag {
        case "attribution": pick(en: "keep credit and notices", zh: "保留署名与声明")
        case "weak-copyleft": pick(en: "changes under the same terms", zh: "修改部分须采用相同条款")
        case "strong-copyleft": pick(en: "the whole under the same terms", zh: "整体须采用相同条款")
        case "network-copyleft": pick(en: "source also for use over a network", zh: "网络使用也须提供源码")
        case "non-commercial": pick(en: "not commercially", zh: "不得商用")
        case "no-derivatives": pick(en: "unchanged only", zh: "不得修改")
        case "share-alike": pick(en: "share under the same terms", zh: "以相同方式共享")
        case "use-restrictions": pick(en: "not for listed purposes", zh: "限制特定用途")
        case "aup": pick(en: "the vendor's use policy", zh: "遵守厂商使用政策")
        case "naming": pick(en: "carry a name or notice", zh: "须标注名称或声明")
        case "user-cap": pick(en: "below a number of users or revenue", zh: "限制用户数或收入")
        case "gated-acceptance": pick(en: "accept terms at the upstream", zh: "须在上游接受条款")
        case "family-ambiguous": pick(en: "which one of a family is not said", zh: "未说明具体版本")
        case "no-information": pick(en: "terms are not known", zh: "条款未知")
        default: flag
        }
    }
    package var complianceConflictsNote: String {
        pick(
            en: "Where what is said contradicts what is brought along, with the way by which it came.",
            zh: "声明与实际义务相矛盾之处，以及义务的来源路径。")
    }
    package func complianceConflict(_ kind: String) -> String {
        switch kind {
        case "text-mismatch": pick(en: "The text is of another licence than the card names", zh: "文本与卡片声明的许可证不符")
        case "copyleft-text": pick(en: "The text is copyleft, and the card is silent", zh: "文本为著佐权许可，卡片未声明")
        case "modified-text": pick(en: "The text was changed", zh: "许可证文本被修改")
        case "source-mismatch": pick(en: "Card, tag and upstream disagree", zh: "卡片、标签与上游声明不一致")
        case "restriction-dropped": pick(en: "A restriction of an ancestor was dropped", zh: "丢失了来源的限制条款")
        case "no-derivatives": pick(en: "Made from what must not be changed", zh: "基于禁止修改的内容")
        case "copyleft-dropped": pick(en: "An ancestor asks for its own licence", zh: "未沿用来源要求的许可证")
        case "missing-notice": pick(en: "An ancestor's notice does not come along", zh: "缺少来源的声明文件")
        case "cycle": pick(en: "It names itself as its ancestor", zh: "来源关系出现循环")
        case "dataset": pick(en: "A dataset has terms of its own", zh: "数据集另有条款")
        default: kind
        }
    }
    package var complianceConflictLabel: String { pick(en: "Conflict", zh: "冲突") }
    package var complianceWay: String { pick(en: "By which way", zh: "来源路径") }
    package var complianceDetail: String { pick(en: "In the words of the hub", zh: "详细说明（英文）") }
    package var compliancePolicy: String { pick(en: "Policy", zh: "策略") }
    package func complianceDecision(_ verdict: String) -> String {
        switch verdict {
        case "allow": pick(en: "Allowed", zh: "允许")
        case "deny": pick(en: "Denied", zh: "拒绝")
        case "review": pick(en: "Under review", zh: "待审批")
        default: pick(en: "Local", zh: "本地")
        }
    }
    package var complianceExplain: String { pick(en: "Why", zh: "查看原因") }
    package var complianceNoConflicts: String { pick(en: "No conflicts.", zh: "没有冲突。") }
    package var complianceUnknownNote: String {
        pick(
            en: "Nobody says under which terms these are, or nothing is known of an ancestor.",
            zh: "未声明许可条款，或来源情况不明。")
    }
    package var complianceNoUnknown: String { pick(en: "Everything says its terms.", zh: "全部资产均声明了条款。") }
    package var complianceMissing: String { pick(en: "What is not known", zh: "未知内容") }
    package var complianceNoLicense: String { pick(en: "No licence is named", zh: "未声明许可证") }
    package var complianceExceptionsNote: String {
        pick(en: "What somebody let pass although a rule holds it.", zh: "规则拦截但经审批放行的内容。")
    }
    package var complianceNoExceptions: String { pick(en: "No exceptions in force.", zh: "没有生效的例外。") }
    package var complianceRule: String { pick(en: "Rule", zh: "规则") }
    package var complianceNothing: String { pick(en: "Nothing is here yet", zh: "尚无资产") }
    package var complianceNothingText: String {
        pick(en: "Repositories appear here with their licences as soon as there are some.", zh: "有仓库后，其许可证情况会显示在此。")
    }

    // MARK: Provenance

    package var complianceProvenance: String { pick(en: "Provenance", zh: "来源追溯") }
    package var complianceProvenanceNote: String {
        pick(en: "Where a revision came from, what it was made of, and who signed that.", zh: "版本的来源、构成及签名情况。")
    }
    package var complianceRepositoryHint: String {
        pick(en: "Such as model:acme/demo", zh: "例如 model:acme/demo")
    }
    package var complianceRevision: String { pick(en: "Revision", zh: "版本") }
    package var complianceProvenanceAsk: String { pick(en: "Which repository?", zh: "请选择仓库") }
    package var complianceProvenanceAskText: String {
        pick(en: "Name one to see where it came from.", zh: "输入仓库名称以查看其来源。")
    }
    package var complianceLineage: String { pick(en: "What it was made from", zh: "来源关系") }
    package var complianceGraph: String { pick(en: "The same as a graph", zh: "来源关系图") }
    package var complianceNoLineage: String {
        pick(en: "It names nothing that it was made from.", zh: "未声明任何来源。")
    }
    package var complianceRelationLabel: String { pick(en: "How", zh: "关系") }
    package func complianceRelation(_ relation: String) -> String {
        switch relation {
        case "finetune": pick(en: "fine-tuned from", zh: "微调自")
        case "adapter": pick(en: "adapter of", zh: "适配器，基于")
        case "merge": pick(en: "merged from", zh: "合并自")
        case "quantized": pick(en: "quantised from", zh: "量化自")
        case "dataset": pick(en: "trained on", zh: "训练数据")
        case "new_version": pick(en: "replaced by", zh: "新版本为")
        default: pick(en: "derived from", zh: "衍生自")
        }
    }
    package var complianceFrom: String { pick(en: "From", zh: "来源") }
    package var complianceWhat: String { pick(en: "What", zh: "对象") }
    package func complianceKnowledge(_ word: String) -> String {
        switch word {
        case "stored": pick(en: "Stored here", zh: "已存储")
        case "told": pick(en: "Told by an upstream", zh: "上游告知")
        default: pick(en: "Only its name is known", zh: "仅知名称")
        }
    }
    package var complianceAcquisition: String { pick(en: "How it came here", zh: "获取记录") }
    package var complianceUpstream: String { pick(en: "Upstream", zh: "上游") }
    package var complianceAcquiredAt: String { pick(en: "Fetched", zh: "获取时间") }
    package var complianceAskedBy: String { pick(en: "For whom", zh: "请求者") }
    package var complianceMadeHere: String { pick(en: "Made here", zh: "在本站创建") }
    package var complianceCommit: String { pick(en: "Commit", zh: "提交") }
    package var complianceRecord: String { pick(en: "Record", zh: "记录") }
    package var complianceDownload: String { pick(en: "Download", zh: "下载") }
    package var complianceStatements: String { pick(en: "Signed statements", zh: "签名声明") }
    package var complianceNoStatements: String { pick(en: "Nothing was stated about this revision.", zh: "该版本没有签名声明。") }
    package var complianceStatement: String { pick(en: "Statement", zh: "声明") }
    package func complianceStatementType(_ type: String) -> String? {
        switch type {
        case "https://slsa.dev/provenance/v1": pick(en: "How it came or was made (SLSA)", zh: "获取或构建过程（SLSA）")
        case "https://slsa.dev/verification_summary/v1": pick(en: "What checks found (SLSA)", zh: "检查结果（SLSA）")
        default: nil
        }
    }
    package var complianceSignature: String { pick(en: "Signature", zh: "签名") }
    package var complianceVerified: String { pick(en: "Verified", zh: "验证通过") }
    package var complianceForeignKey: String { pick(en: "Key not known here", zh: "密钥未知") }
    package var complianceBroken: String { pick(en: "Does not verify", zh: "验证失败") }
    package var complianceSource: String { pick(en: "From", zh: "提供者") }
    package var complianceKey: String { pick(en: "Key", zh: "密钥") }
    package var complianceDocuments: String { pick(en: "Documents", zh: "文档") }
    package var complianceAllStatements: String { pick(en: "All statements", zh: "全部声明") }
    package var complianceVerifyCommand: String { pick(en: "Verify on your machine", zh: "在本机验证") }

    // MARK: Log

    package var complianceLog: String { pick(en: "Transparency log", zh: "透明日志") }
    package var complianceLogNote: String {
        pick(
            en: "What came in, moved and was decided, as a tree that only grows. Keep a checkpoint, and check later.",
            zh: "记录获取、变更与决定的只增日志。请保存检查点，以便日后核验。")
    }
    package var complianceEntries: String { pick(en: "Entries", zh: "条目") }
    package var complianceCheckpoint: String { pick(en: "Newest checkpoint", zh: "最新检查点") }
    package var complianceNoCheckpoint: String { pick(en: "None was signed yet.", zh: "尚未签署检查点。") }
    package var complianceCheckpointNow: String { pick(en: "Sign a checkpoint now", zh: "立即签署检查点") }
    package var complianceOrigin: String { pick(en: "Name of the log", zh: "日志名称") }
    package var complianceKeys: String { pick(en: "Keys of verifiers", zh: "验证密钥") }
    package var complianceIndex: String { pick(en: "Number", zh: "编号") }
    package var complianceHash: String { pick(en: "Hash", zh: "哈希") }
    package var complianceEvent: String { pick(en: "What happened", zh: "事件") }
    package func complianceLeaf(_ kind: String) -> String {
        switch kind {
        case "acquisition": pick(en: "A commit came from an upstream", zh: "从上游获取提交")
        case "ref": pick(en: "A ref moved", zh: "引用变更")
        case "statement": pick(en: "A statement was signed", zh: "签署声明")
        case "approval": pick(en: "Somebody decided on a request", zh: "审批决定")
        case "tombstone": pick(en: "Content was buried", zh: "内容下架")
        case "bundle.export": pick(en: "A bundle left", zh: "导出离线包")
        case "bundle.import": pick(en: "A bundle came", zh: "导入离线包")
        case "audit": pick(en: "A record was added to the audit log", zh: "新增审计记录")
        default: kind
        }
    }
    package var complianceLeafHidden: String {
        pick(en: "For auditors", zh: "仅审计员可见")
    }
    package var complianceProof: String { pick(en: "Prove that an entry is in it", zh: "证明条目包含在日志中") }
    package var complianceProve: String { pick(en: "Prove", zh: "证明") }
    package func complianceProofOf(_ index: Int64, _ size: Int64) -> String {
        pick(
            en: "Entry \(number(index)) among the first \(number(size))",
            zh: "前 \(number(size)) 条中的第 \(number(index)) 条")
    }
    package var complianceProofHolds: String {
        pick(en: "The way from the entry leads to the root.", zh: "由该条目可推导出根哈希。")
    }
    package var complianceProofFails: String {
        pick(en: "The way does not lead to the root.", zh: "无法推导出根哈希。")
    }
    package var complianceRoot: String { pick(en: "Root", zh: "根哈希") }
    package var compliancePath: String { pick(en: "Way from the entry up", zh: "自下而上的路径") }
    package var complianceOffline: String { pick(en: "Check it without this hub", zh: "离线核验") }
    package var complianceOfflineText: String {
        pick(
            en: "Keep a checkpoint where whoever runs this hub cannot change it, and compare later.",
            zh: "将检查点保存在站点运维者无法修改之处，日后比对。")
    }
    package var complianceNoEntries: String { pick(en: "The log is empty.", zh: "日志为空。") }
    package var complianceNoEntry: String { pick(en: "There is no such entry.", zh: "没有该条目。") }

    // MARK: Scans

    package var complianceScans: String { pick(en: "Scans", zh: "安全扫描") }
    package var complianceScansNote: String {
        pick(en: "What scanners found in stored files. The same bytes are scanned once.", zh: "对已存储文件的扫描结果，相同内容只扫描一次。")
    }
    package func complianceScanVerdict(_ verdict: String) -> String {
        switch verdict {
        case "clean": pick(en: "Clean", zh: "安全")
        case "suspicious": pick(en: "Suspicious", zh: "可疑")
        case "dangerous": pick(en: "Dangerous", zh: "危险")
        default: pick(en: "Unknown", zh: "未知")
        }
    }
    package var complianceWaiting: String { pick(en: "Waiting", zh: "等待扫描") }
    package func complianceRunning(_ count: Int64) -> String {
        pick(en: "\(number(count)) being scanned", zh: "正在扫描 \(number(count)) 个")
    }
    package func complianceFailing(_ count: Int64) -> String {
        pick(en: "\(number(count)) could not be scanned", zh: "\(number(count)) 个扫描失败")
    }
    package var complianceMalware: String { pick(en: "Virus scanner", zh: "病毒扫描器") }
    package var complianceMalwareNone: String { pick(en: "None is set up", zh: "未配置") }
    package var complianceScanner: String { pick(en: "Scanner", zh: "扫描器") }
    package var complianceFormat: String { pick(en: "Format", zh: "格式") }
    package var complianceSize: String { pick(en: "Size", zh: "大小") }
    package var complianceFindings: String { pick(en: "Findings", zh: "发现") }
    package var complianceScannedAt: String { pick(en: "Scanned", zh: "扫描时间") }
    package var complianceNoFindings: String { pick(en: "Nothing with this verdict", zh: "没有该结论的文件") }
    package var complianceNoFindingsText: String {
        pick(en: "That is good, or nothing was scanned yet.", zh: "没有问题，或尚未扫描。")
    }
    package var complianceRescan: String { pick(en: "Scan again", zh: "重新扫描") }
    package var complianceRescanWhat: String { pick(en: "Repository or SHA-256", zh: "仓库或 SHA-256") }
    package var complianceRescanHint: String {
        pick(en: "Such as model:acme/demo, or 64 hexadecimal digits.", zh: "例如 model:acme/demo，或 64 位十六进制摘要。")
    }
    package var complianceRescanWrong: String {
        pick(en: "Neither a repository nor a SHA-256 that is stored here.", zh: "不是本站存储的仓库或 SHA-256。")
    }
    package var complianceFile: String { pick(en: "File", zh: "文件") }
    package var complianceHeldBy: String { pick(en: "Where it lies", zh: "所在位置") }
    package var complianceHeldByNone: String { pick(en: "No repository names it as a large file.", zh: "没有仓库以大文件引用它。") }
    package var complianceQueue: String { pick(en: "What waits", zh: "等待队列") }
    package var complianceTries: String { pick(en: "Tries", zh: "尝试次数") }
    package var complianceSince: String { pick(en: "Since", zh: "开始时间") }
    package var complianceNotScanned: String { pick(en: "Nothing is known of it", zh: "没有扫描记录") }
    package var complianceNotScannedText: String {
        pick(en: "It was not scanned here and does not wait for it.", zh: "该文件未扫描，也不在队列中。")
    }

    // MARK: Storage

    package var complianceStorage: String { pick(en: "Storage", zh: "存储") }
    package var complianceStorageNote: String {
        pick(en: "What is named, what takes space, and whether it is still whole.", zh: "引用量、实际占用与完整性。")
    }
    package var complianceLogical: String { pick(en: "Named by repositories", zh: "仓库引用量") }
    package var compliancePhysical: String { pick(en: "Takes space", zh: "实际占用") }
    package var complianceRatio: String { pick(en: "Saved by sharing", zh: "去重节省") }
    package var complianceBlobs: String { pick(en: "Large files", zh: "大文件") }
    package var complianceByKind: String { pick(en: "By kind", zh: "按类型") }
    package var complianceByOwner: String { pick(en: "By owner", zh: "按所有者") }
    package func complianceRepositoryKind(_ kind: String) -> String {
        switch kind {
        case "model": models
        case "dataset": datasets
        case "space": spaces
        case "code": codes
        case "prompt": pick(en: "Prompts", zh: "提示词")
        case "mcpserver": pick(en: "MCP servers", zh: "MCP 服务")
        case "skill": pick(en: "Skills", zh: "技能")
        default: kind
        }
    }
    package var complianceGarbage: String { pick(en: "Garbage", zh: "垃圾回收") }
    package var complianceGarbagePreview: String { pick(en: "What would go now", zh: "预览可回收内容") }
    package var complianceGarbageRun: String { pick(en: "Collect now", zh: "立即回收") }
    package var complianceGarbageWarning: String {
        pick(
            en: "What nothing names any more, and whose time has passed, is removed for good.",
            zh: "不再被引用且已过保留期的内容将被永久删除。")
    }
    package func complianceGarbageClass(_ word: String) -> String {
        switch word {
        case "blobs": pick(en: "Large files that nothing names", zh: "无引用的大文件")
        case "xorbs": pick(en: "Chunks of no file", zh: "无引用的数据块")
        case "uploads": pick(en: "Uploads that broke off", zh: "中断的上传")
        case "repositories": pick(en: "Folders of removed repositories", zh: "已删除仓库的目录")
        case "git-objects": pick(en: "Git objects that no ref reaches", zh: "不可达的 Git 对象")
        case "git-files": pick(en: "Working files of git", zh: "Git 临时文件")
        default: pick(en: "Expired rows", zh: "过期记录")
        }
    }
    package func complianceGarbageLast(_ ago: String) -> String { pick(en: "Last run: \(ago)", zh: "上次运行：\(ago)") }
    package var complianceGone: String { pick(en: "Went", zh: "已回收") }
    package var complianceWouldGo: String { pick(en: "Would go", zh: "可回收") }
    package var complianceKept: String { pick(en: "Kept until its time", zh: "保留期内") }
    package var complianceNumber: String { pick(en: "Number", zh: "数量") }
    package var complianceGarbageNone: String { pick(en: "Nothing to collect.", zh: "没有可回收的内容。") }
    package var complianceGarbageNever: String { pick(en: "It has not run yet.", zh: "尚未运行。") }
    package var complianceBusy: String { pick(en: "Another run is at it.", zh: "正在进行另一次运行。") }
    package var complianceScrub: String { pick(en: "Integrity", zh: "完整性校验") }
    package var complianceScrubStart: String { pick(en: "Start a scrub", zh: "开始校验") }
    package var complianceScrubNever: String { pick(en: "Nothing was scrubbed yet.", zh: "尚未校验。") }
    package func complianceScrubRunning(_ part: String) -> String {
        switch part {
        case "blobs": pick(en: "Reading large files", zh: "正在读取大文件")
        case "git": pick(en: "Reading git repositories", zh: "正在读取 Git 仓库")
        default: pick(en: "Reading chunks", zh: "正在读取数据块")
        }
    }
    package var complianceScrubDone: String { pick(en: "Finished", zh: "已完成") }
    package var complianceScrubRead: String { pick(en: "Read", zh: "已读取") }
    package var complianceDamaged: String { pick(en: "Damaged", zh: "损坏") }
    package var complianceHealed: String { pick(en: "Healed", zh: "已修复") }
    package var complianceDamages: String { pick(en: "What was found damaged", zh: "损坏记录") }
    package var complianceNoDamages: String { pick(en: "Nothing is damaged.", zh: "没有损坏。") }
    package var complianceHealedFrom: String { pick(en: "Healed from", zh: "修复来源") }
    package var complianceOpen: String { pick(en: "Not healed yet", zh: "尚未修复") }
    package func complianceDamageKind(_ kind: String) -> String {
        switch kind {
        case "blob": pick(en: "Large file", zh: "大文件")
        case "pack": pick(en: "Git pack", zh: "Git 包文件")
        case "derived": pick(en: "Index of git", zh: "Git 索引")
        case "object": pick(en: "Git object", zh: "Git 对象")
        default: pick(en: "Chunk", zh: "数据块")
        }
    }

    // MARK: Audit

    package var complianceAudit: String { pick(en: "Audit log", zh: "审计日志") }
    package var complianceAuditNote: String {
        pick(en: "Every change somebody made, the newest first.", zh: "全部变更记录，按时间从新到旧。")
    }
    package var complianceActor: String { pick(en: "Who", zh: "操作人") }
    package var complianceAction: String { pick(en: "What was done", zh: "操作") }
    package var complianceActionHint: String {
        pick(en: "Such as token or token.create", zh: "例如 token 或 token.create")
    }
    package var complianceObject: String { pick(en: "To what", zh: "对象") }
    package var complianceSinceDay: String { pick(en: "From day", zh: "起始日期") }
    package var complianceUntilDay: String { pick(en: "To day", zh: "截止日期") }
    package var complianceFilter: String { pick(en: "Filter", zh: "筛选") }
    package var complianceClear: String { pick(en: "Clear", zh: "清除筛选") }
    package var complianceNoRecords: String { pick(en: "No record like that", zh: "没有匹配的记录") }
    package var complianceNoRecordsText: String {
        pick(en: "Ask for less, or for a longer time.", zh: "请减少筛选条件或扩大时间范围。")
    }
    package var complianceExportLines: String { pick(en: "Export as NDJSON", zh: "导出 NDJSON") }
    package var complianceCheckChain: String { pick(en: "Check the chain", zh: "检查哈希链") }
    package func complianceChainWhole(_ count: Int64) -> String {
        pick(
            en: "The chain is whole: \(number(count)) records, each with the hash of the one before.",
            zh: "哈希链完整：共 \(number(count)) 条记录，环环相扣。")
    }
    package func complianceChainBroken(_ sequence: Int64) -> String {
        pick(
            en: "The chain breaks at record \(number(sequence)). Somebody changed the log.",
            zh: "哈希链在第 \(number(sequence)) 条记录处断裂，日志曾被篡改。")
    }
    package var complianceDetails: String { pick(en: "Details", zh: "详情") }
    package var complianceDayWrong: String {
        pick(en: "Write days as 2026-11-26.", zh: "日期格式为 2026-11-26。")
    }

    // MARK: Tombstones

    package var complianceTombstones: String { pick(en: "Tombstones", zh: "下架记录") }
    package var complianceTombstonesNote: String {
        pick(
            en: "What is served nowhere any more, fetched from nobody and taken from nobody.",
            zh: "不再提供、不再获取、不再接收的内容。")
    }
    package var complianceTarget: String { pick(en: "What", zh: "对象") }
    package var complianceTargetHint: String {
        pick(
            en: "sha256:…, git:…, model:acme/demo, model:acme/demo@COMMIT, author:acme or license:mit",
            zh: "sha256:…、git:…、model:acme/demo、model:acme/demo@提交、author:acme 或 license:mit")
    }
    package var complianceTargetWrong: String { pick(en: "This is nothing that can be buried.", zh: "无法识别的对象。") }
    package var complianceRadius: String { pick(en: "What would be touched", zh: "影响范围") }
    package var complianceRadiusShow: String { pick(en: "Show what is touched", zh: "查看影响范围") }
    package var complianceHolders: String { pick(en: "Repositories that hold it", zh: "包含它的仓库") }
    package var compliancePulls: String { pick(en: "Who took it", zh: "下载过的账号") }
    package var complianceDescendants: String { pick(en: "What was made of it", zh: "衍生内容") }
    package var complianceBundles: String { pick(en: "Bundles that carried it", zh: "包含它的离线包") }
    package var complianceMore: String { pick(en: "There is more than is shown.", zh: "还有更多未显示。") }
    package var complianceBury: String { pick(en: "Bury", zh: "下架") }
    package var complianceBuryTitle: String { pick(en: "Bury something", zh: "下架内容") }
    package var complianceBuryWarning: String {
        pick(
            en: "Nobody gets it from here any more, on no interface. Peers that follow this hub are told.",
            zh: "任何接口都不再提供该内容，关注本站的节点也会收到通知。")
    }
    package var complianceWithDescendants: String { pick(en: "What was made of it as well", zh: "同时下架衍生内容") }
    package var complianceWithDigests: String { pick(en: "Its bytes wherever they are", zh: "同时下架相同内容的所有副本") }
    package func complianceTypeTarget(_ target: String) -> String {
        pick(en: "Type '\(target)' to confirm", zh: "输入“\(target)”以确认")
    }
    package var complianceTypedWrong: String { pick(en: "What you typed is something else.", zh: "输入内容不一致。") }
    package var complianceReasonNeeded: String {
        pick(en: "Say why: whoever asks for it is told.", zh: "请填写原因，访问者会看到。")
    }
    package var complianceNoTombstones: String { pick(en: "Nothing is buried", zh: "没有下架内容") }
    package var complianceNoTombstonesText: String {
        pick(en: "When something is found to be bad, it can be withdrawn everywhere at once.", zh: "发现问题内容时，可在此立即全面下架。")
    }
    package var complianceLift: String { pick(en: "Lift", zh: "解除") }
    package var complianceLiftWarning: String { pick(en: "It is served again at once.", zh: "内容将立即恢复提供。") }
    package var complianceLiftNote: String { pick(en: "Note", zh: "备注") }
    package var complianceInForce: String { pick(en: "In force", zh: "生效中") }
    package var complianceLifted: String { pick(en: "Lifted", zh: "已解除") }
    package func complianceTold(_ peer: String) -> String { pick(en: "told by \(peer)", zh: "由 \(peer) 告知") }
    package var complianceFirst: String { pick(en: "First", zh: "首次") }
    package var complianceLast: String { pick(en: "Last", zh: "最近") }
    package var complianceCount: String { pick(en: "Times", zh: "次数") }
}
