/// Says in words why something is recommended.
struct RankingReasons {
    let index: RankingIndex
    let scene: RankingScene
    let place: Int
    let liked: Int?

    private var item: RankingItem { index.items[place] }

    func text(_ signal: RankingSignal, value: Float) -> String {
        switch signal {
        case .popularity:
            return
                "used more than \(Int(index.popularity[place] * 100)) % of what is known"
                + (item.downloads.map { " (\($0) downloads)" } ?? "")
        case .trend:
            return value > 0.6
                ? "its use grows faster than is usual for its task"
                : value < 0.4 ? "its use grows more slowly than is usual for its task" : "its use grows as is usual"
        case .quality:
            let (votes, overflow) = max(0, item.approvals).addingReportingOverflow(max(0, item.rejections))
            return votes > 0 && !overflow
                ? "approved \(max(0, item.approvals)) of \(votes) times here"
                : "liked by more of its users than \(Int(value * 100)) % of what is known"
        case .license:
            let name = item.license ?? "unknown"
            return item.licenseOutcome == .allow
                ? "policy allows its licence (\(name))" : "its licence (\(name)) needs a review first"
        case .hardware: return hardware
        case .task: return task
        case .lineage: return lineage(value)
        case .org:
            return value > 0.5
                ? "close to what is used already, and used by those who use the same"
                : "somewhat like what is used already"
        case .cost: return cost
        }
    }

    private var hardware: String {
        guard let size = item.size, let memory = scene.memory else { return "its size is not known" }
        let needed = ByteText.render(Int64(min(size.memory(context: scene.context), 9e18)))
        let estimate = size.cacheBytesPerToken == nil ? ", the cache estimated" : ""
        return
            "needs about \(needed) of \(ByteText.render(memory)) with \(scene.context) tokens of context\(estimate)"
    }

    private var task: String {
        var said: [String] = []
        if let task = scene.task { said.append("is for \(task)") }
        let spoken = Set(item.languages.map { $0.lowercased() })
        let understood = scene.languages.filter { spoken.contains($0.lowercased()) }
        if !understood.isEmpty { said.append("says it knows \(understood.joined(separator: ", "))") }
        let missing = scene.languages.filter { !spoken.contains($0.lowercased()) }
        if !missing.isEmpty { said.append("does not say that it knows \(missing.joined(separator: ", "))") }
        if let library = scene.library, item.library?.lowercased() == library.lowercased() {
            said.append("works with \(library)")
        }
        let words = Set(item.tags.map { $0.lowercased() })
        let tags = scene.words.filter { words.contains($0.lowercased()) }
        if !tags.isEmpty { said.append("is tagged \(tags.joined(separator: ", "))") }
        if let liked { said.append("says of itself what \(index.items[liked].path) says") }
        return said.isEmpty ? "is like what was asked for" : said.joined(separator: ", ")
    }

    private func lineage(_ value: Float) -> String {
        if let liked {
            let name = index.items[liked].path
            if item.kind != index.items[liked].kind {
                return value > 0
                    ? "models of the family or the task of \(name) were trained on it" : "not used by \(name)'s family"
            }
            if index.lineage.successors[liked] == Int32(clamping: place) { return "replaces \(name)" }
            if let parent = index.lineage.parents[place].first(where: { Int($0.item) == liked }) {
                return "derives from \(name) (\(parent.relation.rawValue))"
            }
            if index.lineage.parents[liked].contains(where: { Int($0.item) == place }) {
                return "\(name) derives from it"
            }
            if index.lineage.families[liked] == index.lineage.families[place] { return "of the same family as \(name)" }
            return "not of the family of \(name)"
        }
        return value > 0 ? "of a family that is used already" : "of a family that is not used yet"
    }

    private var cost: String {
        guard let all = item.totalBytes, let left = item.marginalBytes else { return "its size is not known" }
        if left == 0 { return "all of it is here already" }
        let here = all - left
        return "\(ByteText.render(left)) to fetch"
            + (here > 0 ? ", \(ByteText.render(here)) of it are here already" : "")
    }
}
