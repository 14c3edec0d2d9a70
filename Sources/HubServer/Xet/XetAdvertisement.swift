import HTTPTypes
package import HubCore

/// Tells clients that a file can be had from the content-addressed storage as well.
///
/// Plain HTTP serves every file, by sendfile and with less to go wrong; but clients refuse to fetch a file above 50 GB
/// that way, so those are offered by Xet.
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
        guard let name = try await names(of: CollectionOfOne(entry), in: repository)[entry] else { return [:] }
        let path = "\(request.mount)/api/\(repository.id.kind.plural)/\(repository.id.path)"
        let route = request.url("\(path)/xet-read-token/\(snapshot.commit.hex)")
        var headers: HTTPFields = [:]
        headers["X-Xet-Hash"] = name.text
        // Clients take the link where there is one, else this.
        headers["X-Xet-Refresh-Route"] = route
        headers["Link"] = "<\(route)>; rel=\"xet-auth\""
        return headers
    }

    /// The names under which the files that are offered can be fetched.
    func names(of entries: some Sequence<TreeEntry>, in repository: Repository) async throws -> XetNames {
        try await names(of: entries.compactMap(\.lfs).filter { $0.size > threshold }, in: repository)
    }

    /// The same for all large files, offered or not: clients want the name of what they copy from one repository to
    /// another (`lfs-files/duplicate`).
    func namesToCopy(of entries: some Sequence<TreeEntry>, in repository: Repository) async throws -> XetNames {
        try await names(of: entries.compactMap(\.lfs), in: repository)
    }

    private func names(of pointers: [LFSPointer], in repository: Repository) async throws -> XetNames {
        XetNames(names: try await service.names(of: pointers.map(\.oid), in: repository))
    }
}

/// The names in Xet of some files of a listing.
struct XetNames: Sendable {
    static let unasked = XetNames(names: [:])

    let names: [BlobID: XetHash]

    subscript(entry: TreeEntry) -> XetHash? { entry.lfs.flatMap { names[$0.oid] } }
}
