/// Lists, searches, comparisons, profiles and the start page.
extension L10n {
    // MARK: Kinds

    package func kindName(_ kind: CatalogueKind) -> String {
        switch kind {
        case .model: pick(en: "Model", zh: "模型")
        case .dataset: pick(en: "Dataset", zh: "数据集")
        case .space: pick(en: "Space", zh: "应用空间")
        case .code: pick(en: "Code", zh: "代码")
        case .prompt: pick(en: "Prompt", zh: "提示词")
        case .mcpserver: pick(en: "MCP server", zh: "MCP 服务")
        case .skill: pick(en: "Skill", zh: "技能")
        }
    }

    package func kindsName(_ kind: CatalogueKind) -> String {
        switch kind {
        case .model: models
        case .dataset: datasets
        case .space: spaces
        case .code: codes
        case .prompt: pick(en: "Prompts", zh: "提示词")
        case .mcpserver: pick(en: "MCP servers", zh: "MCP 服务")
        case .skill: pick(en: "Skills", zh: "技能")
        }
    }

    // MARK: Rows

    package var rowWhy: String { pick(en: "Why?", zh: "为什么？") }
    package var rowMirror: String { pick(en: "Mirror", zh: "镜像") }
    package var rowReview: String { pick(en: "Needs approval", zh: "需审批") }
    package var rowPrivate: String { pick(en: "Private", zh: "私有") }
    package var rowGated: String { pick(en: "Gated", zh: "需申请") }
    package func rowParameters(_ count: String) -> String { pick(en: "\(count) parameters", zh: "\(count) 个参数") }
    package func rowDownloads(_ count: String) -> String { pick(en: "\(count) downloads", zh: "下载 \(count) 次") }
    package func rowLikes(_ count: String) -> String { pick(en: "\(count) likes", zh: "\(count) 次点赞") }
}
