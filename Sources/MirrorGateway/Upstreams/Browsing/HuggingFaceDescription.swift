import HubCore

/// Reads what Hugging Face's API tells of a repository, in a list or alone.
struct HuggingFaceDescription: Sendable {
    let lookup: HuggingFaceLookup

    /// Nil for a name that cannot be mirrored, such as one without an owner.
    func description(_ document: JSONValue, kind: RepositoryKind, path: String) -> RemoteDescription? {
        guard let id = RepositoryID(kind: kind, path: path) else { return nil }
        let card = document["cardData"]
        let tags = document["tags"]?.strings ?? []
        var found = RemoteDescription(kind: kind, path: path)
        found.title = card?["title"]?.string ?? card?["pretty_name"]?.string
        found.summary =
            document["description"]?.string ?? card?["summary"]?.string ?? card?["short_description"]?.string
        found.tags = tags
        found.licenses = lookup.licenses(document, tags: tags)
        found.task =
            document["pipeline_tag"]?.string ?? card?["pipeline_tag"]?.string ?? card?["task_categories"]?.strings.first
        found.library = document["library_name"]?.string ?? card?["library_name"]?.string ?? document["sdk"]?.string
        found.languages = card?["language"]?.strings ?? Self.values(of: "language:", in: tags)
        found.author = document["author"]?.string ?? id.namespace
        found.downloads = document["downloads"]?.whole
        found.likes = document["likes"]?.whole
        found.commit = document["sha"]?.string.flatMap { CommitID($0) }
        found.defaultBranch = document["default_branch"]?.string ?? "main"
        // CSGHub writes these dates in its own fashion.
        found.createdAt = RemoteTime.milliseconds(document["createdAt"] ?? document["created_at"])
        found.updatedAt = RemoteTime.milliseconds(document["lastModified"] ?? document["last_modified"])
        found.isPrivate = document["private"]?.isTrue ?? false
        found.isGated = document["gated"].map { $0.isTrue || $0.string != nil } ?? false
        count(document, into: &found)
        weigh(document, into: &found)
        return found.bounded()
    }

    private func count(_ document: JSONValue, into found: inout RemoteDescription) {
        if case .object(let types)? = document["safetensors"]?["parameters"] {
            for type in types.prefix(BrowseBounds.dtypes) {
                guard let count = type.value.whole else { continue }
                found.parametersByType[type.key] = count
            }
        }
        found.parameters = document["safetensors"]?["total"]?.whole
        // Of a GGUF repository, `total` counts the parameters of the file that was looked at.
        if found.parameters == nil { found.parameters = document["gguf"]?["total"]?.whole }
    }

    /// The files' number, and their bytes where every one's is told.
    private func weigh(_ document: JSONValue, into found: inout RemoteDescription) {
        guard case .array(let siblings)? = document["siblings"] else { return }
        found.fileCount = Int64(siblings.count)
        var total: Int64 = 0
        for sibling in siblings {
            guard let size = (sibling["lfs"]?["size"] ?? sibling["size"])?.whole else { return }
            let (sum, overflow) = total.addingReportingOverflow(size)
            guard !overflow else { return }
            total = sum
        }
        if !siblings.isEmpty { found.totalSize = total }
    }

    private static func values(of prefix: String, in tags: [String]) -> [String] {
        tags.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}
