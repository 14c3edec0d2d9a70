import HTTPTypes
import HubCore

/// `[HEAD|GET] /[{kind}/]{namespace}/{name}/resolve/{revision}/{path}`: a file's facts, or its bytes.
struct ResolveRoute: RouteFamily {
    let access: RepositoryAccess
    /// Offers the largest files by Xet; nil where there is none.
    let xet: XetAdvertisement?

    func routes(for kind: RepositoryKind) -> [Route] {
        let file = "{namespace}/{name}/resolve/{revision}/{path...}"
        return ["\(kind.downloadPrefix)/\(file)", "/api/\(kind.plural)/\(file)"].map { pattern in
            Route(.get, pattern, .repository(.contentRead), head: true, errors: access.errors) {
                try await answer($0, kind)
            }
        }
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let isAttachment = try request.query.bool("download", default: false)
        let target = try RevisionPath(request)
        return try await access.answer(
            request, kind, .contentRead, at: target.revision, isKept: request.method == .head
        ) { snapshot in
            let entry = try await access.repositories.entry(at: target.path, in: snapshot)
            let file = ServedFile(entry: entry, snapshot: snapshot, isAttachment: isAttachment, isDrawn: true)
            let offer = try await xet?.headers(for: entry, in: snapshot, request) ?? [:]
            // A size below zero is one that only opening the file can tell.
            if request.method == .head, entry.kind != .directory, entry.kind != .submodule, entry.contentSize >= 0 {
                try await access.repositories.authorizeFile(entry, in: snapshot)
                return file.head(for: request).adding(offer)
            }
            return file.response(
                try await access.repositories.open(entry, in: snapshot, isPull: request.takesContent).content,
                for: request
            )
            .adding(offer)
        }
    }
}

extension HubResponse {
    /// The same response with more headers.
    fileprivate func adding(_ fields: HTTPFields) -> HubResponse {
        var response = self
        response.headers.append(contentsOf: fields)
        return response
    }
}
