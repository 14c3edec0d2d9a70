import HubCore

/// Reads the `Repo` object of CSGHub's REST (wire/csghub.md §2.2).
enum CSGHubDescription {
    /// Nil for a name that cannot be mirrored.
    static func description(_ data: JSONValue, kind: RepositoryKind) -> RemoteDescription? {
        guard let path = data["path"]?.string, let id = RepositoryID(kind: kind, path: path) else { return nil }
        let tags = tags(data)
        func named(_ category: String) -> [String] { tags.filter { $0.category == category }.map(\.name) }
        var found = RemoteDescription(kind: kind, path: path)
        found.title = data["nickname"]?.string
        found.summary = data["description"]?.string
        found.tags = tags.map(\.name)
        found.licenses = data["license"]?.strings.filter { !$0.isEmpty } ?? []
        if found.licenses.isEmpty { found.licenses = named("license") }
        found.task = named("task").first
        found.library = named("framework").first ?? data["sdk"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        found.languages = named("language")
        found.author = data["namespace"]?["Path"]?.string ?? data["user"]?["username"]?.string ?? id.namespace
        found.downloads = data["downloads"]?.whole
        found.likes = (data["likes"] ?? data["like_count"])?.whole
        found.defaultBranch = data["default_branch"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        found.createdAt = RemoteTime.milliseconds(data["created_at"])
        found.updatedAt = RemoteTime.milliseconds(data["updated_at"])
        found.isPrivate = data["private"]?.isTrue ?? false
        found.parameters = parameters(data["metadata"]?["model_params"])
        return found.bounded()
    }

    /// CSGHub counts in thousands of millions, rounded.
    private static func parameters(_ value: JSONValue?) -> Int64? {
        let billions: Double
        switch value {
        case .integer(let whole)?: billions = Double(whole)
        case .number(let number)?: billions = number
        default: return nil
        }
        guard billions > 0, billions < 1e6 else { return nil }
        return Int64((billions * 1e9).rounded())
    }

    private static func tags(_ data: JSONValue) -> [(name: String, category: String)] {
        guard case .array(let tags)? = data["tags"] else { return [] }
        return tags.prefix(BrowseBounds.tags).compactMap { tag in
            tag["name"]?.string.map { ($0, tag["category"]?.string ?? "") }
        }
    }
}
