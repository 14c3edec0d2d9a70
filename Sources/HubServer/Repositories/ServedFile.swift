import HTTPTypes
import HubCore

/// How one file of a snapshot is shown to HTTP: its entity tag, its sizes and the headers clients build their caches on
/// (wire/huggingface.md §3).
struct ServedFile: Sendable {
    let entry: TreeEntry
    let snapshot: Snapshot
    /// Whether the answer is to be saved rather than shown.
    let isAttachment: Bool

    /// SHA-256 of an LFS file, the git blob's id of any other, in quotes.
    var entityTag: String { "\"\(entry.lfs?.oid.hex ?? entry.id.hex)\"" }

    /// Never a type that a browser runs: the content is anybody's.
    var contentType: String {
        guard entry.lfs == nil, let dot = entry.name.lastIndex(of: ".") else { return "application/octet-stream" }
        let suffix = entry.name[entry.name.index(after: dot)...].lowercased()
        return Self.textSuffixes.contains(suffix) ? "text/plain; charset=utf-8" : "application/octet-stream"
    }

    var headers: HTTPFields {
        var headers: HTTPFields = [:]
        headers["X-Repo-Commit"] = snapshot.commit.hex
        if let pointer = entry.lfs {
            headers["X-Linked-Etag"] = entityTag
            headers["X-Linked-Size"] = String(pointer.size)
        }
        let disposition: ContentDisposition =
            isAttachment ? .attachment(filename: entry.name) : .inline(filename: entry.name)
        headers[.contentDisposition] = disposition.value
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        // Who may read it is decided on every request.
        headers[.cacheControl] = "private, no-cache"
        headers[.vary] = "Authorization, Cookie"
        return headers
    }

    /// The head of the answer to GET, from what the tree says alone: for HEAD, which opens nothing.
    func head(for request: HubRequest) -> HubResponse {
        representation(of: entry.contentSize, for: request) { range in
            .stream(length: range.upperBound - range.lowerBound) { _ in }
        }
    }

    /// The file itself.
    func response(_ content: SnapshotFile.Content, for request: HubRequest) -> HubResponse {
        switch content {
        case .object(let bytes):
            representation(of: Int64(bytes.count), for: request) { range in
                .bytes(Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
            }
        case .blob(let reader):
            representation(of: reader.size, for: request, mayResume: !reader.isSuspect) { .file(reader, range: $0) }
        }
    }

    private func representation(
        of size: Int64, for request: HubRequest, mayResume: Bool = true, body: (Range<Int64>) -> HubBody
    ) -> HubResponse {
        .representation(
            request, size: size, etag: entityTag, contentType: contentType, headers: headers, mayResume: mayResume,
            body: body)
    }

    private static let textSuffixes: Set<String> = [
        "cff", "cfg", "csv", "gitattributes", "gitignore", "ini", "ipynb", "jinja", "json", "jsonl", "lock", "md", "py",
        "rst", "sh", "toml", "tsv", "txt", "yaml", "yml",
    ]
}
