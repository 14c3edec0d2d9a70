import HTTPTypes
import HubCore

// One upload that can be continued: the part of tus that git-lfs speaks.
//
// - SeeAlso: tus.io, "Resumable upload protocol 1.0.0", core protocol
extension LFSSurface {
    private static let version = "1.0.0"

    /// Where the upload goes on.
    func tusOffset(_ request: HubRequest) async throws -> HubResponse {
        let (repository, link) = try await open(.tus, for: request)
        try Self.checkVersion(request)
        let pointer = LFSPointer(oid: link.blob, size: link.size)
        return Self.standing(at: try await uploads.offset(of: pointer, in: repository), status: 200)
            .with("Upload-Length", String(link.size))
    }

    /// The next bytes.
    func tusAppend(_ request: HubRequest) async throws -> HubResponse {
        let (repository, link) = try await open(.tus, for: request)
        try Self.checkVersion(request)
        let type = request.headers[.contentType]?.split(separator: ";").first.map(String.init)?.lowercased()
        guard type == "application/offset+octet-stream" else {
            throw HubError(.unsupportedMediaType, "The body must be application/offset+octet-stream.")
        }
        guard let offset = request.headers["Upload-Offset"].flatMap({ Int64($0) }), offset >= 0 else {
            throw HubError(.badRequest, "The header Upload-Offset is missing, or is no number.")
        }
        let (end, overflow) = offset.addingReportingOverflow(request.body.declaredLength ?? 0)
        guard !overflow, end <= link.size else {
            throw HubError(.unprocessable, "The body goes beyond the \(link.size) bytes of the object.")
        }
        let pointer = LFSPointer(oid: link.blob, size: link.size)
        let reached = try await uploads.append(
            to: pointer, at: offset, of: repository, from: Self.chunks(of: request))
        return Self.standing(at: reached, status: 204)
    }

    private static func checkVersion(_ request: HubRequest) throws {
        guard request.headers["Tus-Resumable"] == version else {
            throw HubError(.preconditionFailed, "Tus-Resumable must be \(version).")
        }
    }

    private static func standing(at offset: Int64, status: Int) -> HubResponse {
        HubResponse(
            status: status, headers: [.cacheControl: "no-store"]
        ).with("Upload-Offset", String(offset)).with("Tus-Resumable", version)
    }
}
