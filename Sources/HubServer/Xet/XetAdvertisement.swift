import HTTPTypes
package import HubCore

/// Tells clients that a file can be had from the content-addressed storage as well.
///
/// Plain HTTP serves every file, by sendfile and with less to go wrong; but clients refuse to fetch a file above 50 GB
/// that way, so those are offered by Xet when they came by it.
package struct XetAdvertisement: Sendable {
    /// Bytes from which on huggingface_hub refuses plain HTTP (`MAX_HTTP_DOWNLOAD_SIZE`).
    package static let usualThreshold: Int64 = 50_000_000_000

    private let service: XetService
    private let threshold: Int64

    /// - Parameter threshold: bytes above which a file is offered.
    package init(service: XetService, threshold: Int64 = usualThreshold) {
        self.service = service
        self.threshold = threshold
    }

    /// The headers that offer a file, for the answer to a request for it; none for files that are not offered.
    func headers(for entry: TreeEntry, in snapshot: Snapshot, _ request: HubRequest) async throws -> HTTPFields {
        let repository = snapshot.repository
        guard let pointer = entry.lfs, pointer.size > threshold,
            let hash = try await service.hash(of: pointer.oid, in: repository)
        else { return [:] }
        let path = "\(request.mount)/api/\(repository.id.kind.plural)/\(repository.id.path)"
        var headers: HTTPFields = [:]
        headers["X-Xet-Hash"] = hash.text
        headers["Link"] = "<\(request.url("\(path)/xet-read-token/\(snapshot.commit.hex)"))>; rel=\"xet-auth\""
        return headers
    }
}
