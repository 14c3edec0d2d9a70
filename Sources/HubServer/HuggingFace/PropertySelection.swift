import HubCore

/// Which properties of a repository an answer shows: those of `expand`, or what belongs to the message.
struct PropertySelection: Equatable, Sendable {
    private let names: Set<String>
    /// Whether they were asked for one by one; then nothing but the id comes with them.
    let isExplicit: Bool

    /// What one repository's own page shows.
    static func info(of kind: RepositoryKind, query: QueryParameters) -> PropertySelection {
        let asked = query.all("expand")
        guard asked.isEmpty else { return PropertySelection(names: Set(asked), isExplicit: true) }
        return PropertySelection(
            names: common.union(content).union(own(kind)).union(["cardData"]), isExplicit: false)
    }

    /// What each element of a list shows.
    ///
    /// - Throws: `badRequest` for flags that are neither true nor false.
    static func listing(of kind: RepositoryKind, query: QueryParameters) throws -> PropertySelection {
        let asked = query.all("expand")
        guard asked.isEmpty else { return PropertySelection(names: Set(asked), isExplicit: true) }
        var names = common.union(["trendingScore"]).union(own(kind).intersection(cheap))
        let showsCards = try query.bool("full", default: false) || query.bool("cardData", default: false)
        if showsCards { names.insert("cardData") }
        return PropertySelection(names: names, isExplicit: false)
    }

    func contains(_ name: String) -> Bool { names.contains(name) }

    /// Whether one of these needs a look into the commit's files.
    var needsConfiguration: Bool {
        !names.isDisjoint(with: ["config", "transformersInfo", "pipeline_tag", "library_name"])
    }

    private static let common: Set<String> = [
        "author", "sha", "lastModified", "createdAt", "private", "gated", "disabled", "downloads", "likes", "tags",
    ]
    private static let content: Set<String> = ["siblings", "usedStorage"]
    /// What a row of a list has at hand.
    private static let cheap: Set<String> = ["pipeline_tag", "library_name", "sdk"]

    private static func own(_ kind: RepositoryKind) -> Set<String> {
        switch kind {
        case .model:
            ["pipeline_tag", "library_name", "model-index", "config", "transformersInfo", "widgetData", "spaces"]
        case .dataset: ["description", "citation", "paperswithcode_id"]
        case .space: ["sdk", "models", "datasets", "runtime"]
        case .code, .prompt, .mcpserver, .skill: []
        }
    }
}
