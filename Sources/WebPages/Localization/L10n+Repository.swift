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
}
