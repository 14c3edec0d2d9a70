import HubCore

/// Reads what ModelScope's REST tells of a repository, in a list or alone.
///
/// Names as in `modelscope/hub/info.py` (`ModelInfo`, `DatasetInfo`) of its SDK; lists of the newer `/openapi/v1` write the
/// same in snake case.
enum ModelScopeDescription {
    /// Who may see it: `Visibility` of the SDK's constants.
    private static let visibleToAll: Int64 = 5

    /// Nil for a name that cannot be mirrored.
    /// - Parameter asked: the name it was asked by, for answers that do not repeat it.
    static func description(_ data: JSONValue, kind: RepositoryKind, asked: String? = nil) -> RemoteDescription? {
        guard let path = path(of: data) ?? asked, let id = RepositoryID(kind: kind, path: path) else { return nil }
        var found = RemoteDescription(kind: kind, path: path)
        found.title = text(data, "ChineseName", "display_name")
        found.summary = text(data, "Description", "description")
        found.tags = names(data, "Tags", "tags")
        found.licenses = (data["License"] ?? data["license"])?.strings.filter { !$0.isEmpty }.map(license) ?? []
        found.task = names(data, "Tasks", "tasks").first
        found.library = names(data, "Libraries", "libraries").first ?? names(data, "Frameworks", "frameworks").first
        found.languages = names(data, "Languages", "languages")
        found.author = id.namespace
        found.downloads = (data["Downloads"] ?? data["downloads"])?.whole
        found.likes = (data["Stars"] ?? data["Likes"] ?? data["likes"])?.whole
        found.defaultBranch = "master"
        found.createdAt = RemoteTime.milliseconds(data["CreatedTime"] ?? data["GmtCreate"] ?? data["created_at"])
        found.updatedAt = RemoteTime.milliseconds(
            data["LastUpdatedTime"] ?? data["GmtModified"] ?? data["last_modified"])
        found.isPrivate =
            data["Visibility"]?.whole.map { $0 != visibleToAll } ?? data["private"]?.isTrue ?? false
        found.isGated = data["gated"]?.isTrue ?? false
        weigh(data["ModelInfos"], into: &found)
        return found.bounded()
    }

    /// `Path` holds a model's owner, and the whole name of a repository in some lists; datasets call it `Namespace`.
    private static func path(of data: JSONValue) -> String? {
        if let id = text(data, "id"), id.contains("/") { return id }
        let owner = text(data, "Path", "Namespace", "Owner", "owner")
        guard let owner, let name = text(data, "Name", "name") else { return nil }
        return owner.contains("/") ? owner : name.contains("/") ? name : "\(owner)/\(name)"
    }

    /// Parameters of the first format that was looked at: `{"safetensor": {"model_size": …, "tensor_type": […]}}`.
    private static func weigh(_ infos: JSONValue?, into found: inout RemoteDescription) {
        guard let format = infos?["safetensor"] ?? infos?["safetensors"] else { return }
        found.parameters = (format["model_size"] ?? format["total"])?.whole
        if case .object(let types)? = format["parameters"] {
            for type in types.prefix(BrowseBounds.dtypes) { found.parametersByType[type.key] = type.value.whole ?? 0 }
        }
    }

    private static func text(_ data: JSONValue, _ keys: String...) -> String? {
        keys.lazy.compactMap { data[$0]?.string }.first { !$0.isEmpty }
    }

    /// Names of a list that holds them bare or in objects.
    private static func names(_ data: JSONValue, _ keys: String...) -> [String] {
        for key in keys {
            guard case .array(let values)? = data[key] else { continue }
            return values.prefix(BrowseBounds.tags).compactMap { value in
                value.string ?? value["Name"]?.string ?? value["name"]?.string
            }
        }
        return []
    }

    /// Its web form offers licences by their names in words; identifiers are what policies speak of.
    private static func license(_ text: String) -> String {
        switch text.lowercased() {
        case "apache license 2.0": "apache-2.0"
        case "mit license": "mit"
        default: text
        }
    }
}
