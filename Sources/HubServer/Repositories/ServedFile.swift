import HTTPTypes
import HubCore

/// How one file of a snapshot is shown to HTTP: its entity tag, its sizes and the headers clients build their caches on
/// (wire/huggingface.md §3).
struct ServedFile: Sendable {
    let entry: TreeEntry
    let snapshot: Snapshot
    /// Whether the answer is to be saved rather than shown.
    let isAttachment: Bool
    /// Whether pictures say that they are, for pages to draw them.
    var isDrawn = false

    /// SHA-256 of an LFS file, the git blob's id of any other, in quotes.
    var entityTag: String { "\"\(entry.lfs?.oid.hex ?? entry.id.hex)\"" }

    /// Never a type that a browser runs: the content is anybody's.
    private func contentType(for request: HubRequest) -> String {
        let other = "application/octet-stream"
        if isVector {
            // Drawn as a picture it runs nothing; a browser that says it wants anything else gets bytes to keep.
            let destination = request.headers["Sec-Fetch-Dest"] ?? "image"
            return destination == "image" ? "image/svg+xml" : other
        }
        if isDrawn, let picture = Self.pictures[suffix] { return picture }
        return entry.lfs == nil && Self.textSuffixes.contains(suffix) ? "text/plain; charset=utf-8" : other
    }

    private var suffix: String {
        entry.name.lastIndex(of: ".").map { entry.name[entry.name.index(after: $0)...].lowercased() } ?? ""
    }

    private var isVector: Bool { isDrawn && !isAttachment && suffix == "svg" }

    private var headers: HTTPFields {
        var headers: HTTPFields = [:]
        headers["X-Repo-Commit"] = snapshot.commit.hex
        if let pointer = entry.lfs {
            headers["X-Linked-Etag"] = entityTag
            headers["X-Linked-Size"] = String(pointer.size)
        }
        let disposition: ContentDisposition =
            isAttachment ? .attachment(filename: entry.name) : .inline(filename: entry.name)
        headers[.contentDisposition] = disposition.value
        headers["Content-Security-Policy"] =
            "default-src 'none'; \(isVector ? "style-src 'unsafe-inline'; " : "")sandbox"
        // Who may read it is decided on every request.
        headers[.cacheControl] = "private, no-cache"
        headers[.vary] = "Authorization, Cookie\(isVector ? ", Sec-Fetch-Dest" : "")"
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
            request, size: size, etag: entityTag, contentType: contentType(for: request), headers: headers,
            mayResume: mayResume, body: body)
    }

    private static let pictures = [
        "avif": "image/avif", "bmp": "image/bmp", "gif": "image/gif", "ico": "image/x-icon", "jpeg": "image/jpeg",
        "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp",
    ]

    private static let textSuffixes: Set<String> = [
        "cff", "cfg", "csv", "gitattributes", "gitignore", "ini", "ipynb", "jinja", "json", "jsonl", "lock", "md", "py",
        "rst", "sh", "toml", "tsv", "txt", "yaml", "yml",
    ]
}
