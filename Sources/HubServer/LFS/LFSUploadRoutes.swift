import HTTPTypes
import HubCore
import NIOCore

extension LFSSurface {
    func uploadRoutes(_ base: String, _ errors: any ErrorRendering) -> [Route] {
        let object = base + "/objects/{oid}"
        return [
            Route(.put, object, .repository(.contentWrite), errors: errors, handler: put),
            Route(.post, object + "/verify", .repository(.contentWrite), errors: errors, handler: verify),
            Route(.put, object + "/parts/{part}", .repository(.contentWrite), errors: errors, handler: putPart),
            Route(.post, object + "/complete", .repository(.contentWrite), errors: errors, handler: complete),
            Route(.head, object + "/tus", .repository(.contentWrite), errors: errors, handler: tusOffset),
            Route(.patch, object + "/tus", .repository(.contentWrite), errors: errors, handler: tusAppend),
        ]
    }

    /// The whole object in one body.
    private func put(_ request: HubRequest) async throws -> HubResponse {
        let (repository, link) = try await open(.upload, for: request)
        let declared = request.body.declaredLength
        guard let size = LFSLinkSigner.isLink(request) || link.size > 0 ? link.size : declared else {
            throw HubError(
                .badRequest, "The size of the object is not known.", remedy: "Send Content-Length, or ?size=.",
                status: 411)
        }
        let isPlain = request.headers[.contentEncoding] == nil
        guard size >= 0, declared == nil || declared == size || !isPlain else {
            throw HubError(.unprocessable, "The body has \(declared ?? 0) bytes; the object has \(size).")
        }
        try await uploads.receive(
            LFSPointer(oid: link.blob, size: size), of: repository, from: Self.chunks(of: request))
        return .status(200)
    }

    /// What clients ask after an upload.
    private func verify(_ request: HubRequest) async throws -> HubResponse {
        let (repository, link) = try await open(.verify, for: request)
        let claim = try await request.body.json(LFSBatchRequest.Object.self, upTo: 64 << 10)
        guard let pointer = claim.pointer, pointer.oid == link.blob else {
            throw HubError(.unprocessable, "The body does not name the object \(link.blob) and its size.")
        }
        try await uploads.verify(pointer, of: repository)
        return Self.done
    }

    /// One part. Clients name it by its ETag when they complete the upload; the digest of the whole is what is checked.
    private func putPart(_ request: HubRequest) async throws -> HubResponse {
        let number = Int64(try request.parameter("part")) ?? 0
        let (repository, link) = try await open(.part, part: number, for: request)
        let layout = try Self.layout(of: link)
        if request.headers[.contentEncoding] == nil, let declared = request.body.declaredLength,
            let range = layout.range(of: Int(number)), declared != range.upperBound - range.lowerBound
        {
            throw HubError(
                .unprocessable,
                "Part \(number) has \(declared) bytes, not \(range.upperBound - range.lowerBound).")
        }
        try await uploads.receive(
            part: Int(number), of: LFSPointer(oid: link.blob, size: link.size), cut: layout, of: repository,
            from: Self.chunks(of: request))
        return HubResponse.status(200).with("ETag", "\"\(link.blob.hex)-\(number)\"")
    }

    private struct Completion: Decodable {
        struct Part: Decodable {
            let partNumber: Int
        }
        let oid: String
        let parts: [Part]
    }

    /// All parts are there.
    private func complete(_ request: HubRequest) async throws -> HubResponse {
        let (repository, link) = try await open(.complete, for: request)
        let layout = try Self.layout(of: link)
        let completion = try await request.body.json(Completion.self, upTo: 1 << 20)
        guard completion.oid == link.blob.hex else {
            throw HubError(.unprocessable, "The body names another object than \(link.blob).")
        }
        try await uploads.complete(
            LFSPointer(oid: link.blob, size: link.size), cut: layout, parts: completion.parts.map(\.partNumber),
            of: repository)
        return Self.done
    }

    /// Opens the repository of an upload, by link or by credentials.
    func open(_ operation: LFSLink.Operation, part: Int64 = 0, for request: HubRequest) async throws
        -> (Repository, LFSLink)
    {
        let id = try await RepositoryLocator.id(of: request)
        let link = LFSLink(operation, try Self.blob(of: request), part: part, of: request)
        return (try await open(id, .contentWrite, by: link, for: request), link)
    }

    private static func layout(of link: LFSLink) throws -> PartLayout {
        guard let layout = PartLayout(size: link.size, partSize: link.partSize) else {
            throw HubError(
                .unprocessable, "An object of \(link.size) bytes cannot be cut into parts of \(link.partSize).")
        }
        return layout
    }

    static func chunks(of request: HubRequest) -> some AsyncSequence<[UInt8], any Error> & Sendable {
        request.body.map { Array($0.readableBytesView) }
    }

    private static var done: HubResponse {
        HubResponse.json { $0.object { $0.member("message", "ok") } }.with("Content-Type", LFSErrorRendering.mediaType)
    }
}
