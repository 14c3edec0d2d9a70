import HTTPTypes
import HubCore

/// `[HEAD|GET] /[{kind}/]{namespace}/{name}/raw/{revision}/{path}`: what stands in git, so the pointer of an LFS file.
struct RawRoute: RouteFamily {
    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .get, "\(kind.downloadPrefix)/{namespace}/{name}/raw/{revision}/{path...}",
                .repository(.contentRead), head: true, errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let target = try RevisionPath(request)
        return try await access.answer(request, kind, .contentRead, at: target.revision) { snapshot in
            let entry = try await access.repositories.entry(at: target.path, in: snapshot)
            if entry.lfs != nil {
                // Whoever may not have the file may not have its digest and size either.
                try await access.repositories.authorizeFile(entry, in: snapshot)
            }
            var pointer = entry
            pointer.lfs = nil
            let content = try await access.repositories.open(pointer, in: snapshot, isPull: request.takesContent)
                .content
            return ServedFile(entry: pointer, snapshot: snapshot, isAttachment: false).response(content, for: request)
        }
    }
}
