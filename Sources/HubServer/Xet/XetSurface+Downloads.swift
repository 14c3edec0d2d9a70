import HTTPTypes
import HubCore
import MirrorGateway

extension XetSurface {
    /// The two forms in which clients read a reconstruction; they differ in how links are listed.
    enum ReconstructionVersion {
        case first
        case second
    }

    /// The most parts of one answer: 256 GiB of a file, some 10 MB. Clients ask for 256 MB to 8 GB at a time.
    private static let maximumParts = 16_384

    /// Which chunks make up a range of a file, and where they lie: chunk ranges end before their end, byte ranges with it.
    ///
    /// The file is looked up as an LFS object is, so it is the repository's to give, however it came (S13).
    func reconstruct(_ request: HubRequest, _ version: ReconstructionVersion) async throws -> HubResponse {
        let repository = try await open(request) { $0 == .read || $0 == .write }
        let name = try Self.hash(request)
        guard let blob = try await service.blob(named: name),
            let link = try await access.repositories.lfsLinks(
                to: [LFSPointer(oid: blob, size: 0)], of: repository)[blob]
        else { throw HubError(.blobNotFound, "There is no file \(name) in \(repository.id).") }
        let size = try await access.repositories.sizeToServe(link, of: repository)
        if request.takesContent { access.repositories.notePull(of: link, in: repository) }
        let range: Range<Int64>
        switch ByteRange(request.headers[.range], size: size) {
        case .whole: range = 0..<size
        case .part(let part): range = part
        case .unsatisfiable: throw HubError(.rangeNotSatisfiable, "The file \(name) has \(size) bytes.")
        }
        try QuotaTally.current?.require(range.upperBound - range.lowerBound)
        let found = try XetSlices(blob, size: size).reconstruction(of: range, limit: Self.maximumParts)
        let answer = XetReconstructionAnswer(
            found: found, storage: request.url("/_cas/\(service.generation)/v1/xorbs/default"), version: version)
        return .json { json in
            answer.write(to: &json) { part in
                signer.token(
                    for: signer.grant(.fetch(blob, xorb: part.number, chunks: part.chunks), for: repository))
            }
        }
    }

    /// A run of chunks for a link that a reconstruction gave out; it comes without other credentials, and opens no more
    /// than the chunks it was made for.
    ///
    /// Whatever is wrong with the link is 403: upon that, and no other status, clients ask for a new one.
    func sendXorb(_ request: HubRequest) async throws -> HubResponse {
        let name = try Self.hash(request)
        let opened: (repository: Repository, grant: XetGrant)
        do {
            opened = try await open(request, token: request.query.first("grant")) { operation in
                if case .fetch = operation { true } else { false }
            }
        } catch let error as HubError where error.code == .invalidCredentials {
            throw HubError(.forbidden, "The link to xorb \(name) is not valid, or has expired.")
        }
        guard case .fetch(let blob, let number, let chunks) = opened.grant.operation else {
            throw HubError(.internalError, "A grant of another kind came through.")
        }
        guard
            let link = try await access.repositories.lfsLinks(
                to: [LFSPointer(oid: blob, size: 0)], of: opened.repository)[blob]
        else { throw HubError(.blobNotFound, "There is no xorb \(name).") }
        QuotaTally.current?.expect { XetSlices(blob, size: $0).storedBytes(of: number) }
        let reader = try await access.repositories.open(link, of: opened.repository, isPull: false)
        let slices = XetSlices(blob, size: reader.size)
        guard let part = slices.part(number, chunks), part.xorb == name else {
            throw HubError(.blobNotFound, "There is no xorb \(name).")
        }
        let size = slices.storedBytes(of: number)
        switch ByteRange(request.headers[.range], size: size) {
        case .whole, .part(part.stored): break
        case .part, .unsatisfiable:
            throw HubError(.rangeNotSatisfiable, "The link is for other bytes of xorb \(name).")
        }
        var headers: HTTPFields = [.contentType: "application/octet-stream", .acceptRanges: "bytes"]
        headers[.contentRange] = "bytes \(part.stored.lowerBound)-\(part.stored.upperBound - 1)/\(size)"
        headers[.cacheControl] = "private, no-store"
        return HubResponse(
            status: 206, headers: headers,
            body: .stream(length: part.stored.upperBound - part.stored.lowerBound) { writer in
                try await XetChunkBody(reader: reader, part: part).send(to: writer)
            })
    }
}
