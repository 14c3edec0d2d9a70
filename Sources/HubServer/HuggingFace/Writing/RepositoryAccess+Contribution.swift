import HubCore

extension RepositoryAccess {
    /// Opens the repository that a commit goes to: to write to it, or to propose a change where the client asks for a
    /// pull request (`create_pr`) or adds to one without a right to the rest.
    ///
    /// Whoever proposes a change must be able to read what it is based on.
    func openForCommit(
        _ request: HubRequest, _ kind: RepositoryKind, to revision: String
    ) async throws -> (repository: Repository, opensPullRequest: Bool) {
        let opensPullRequest = try request.query.bool("create_pr", default: false)
        if !opensPullRequest {
            guard revision.hasPrefix("refs/pr/") else {
                return (try await open(request, kind, .contentWrite), false)
            }
            do {
                return (try await open(request, kind, .contentWrite), false)
            } catch let error as HubError where error.code == .forbidden {
                // It may be his own pull request.
            }
        }
        let repository = try await open(request, kind, .discuss)
        _ = try await open(request, kind, .contentRead)
        return (repository, opensPullRequest)
    }
}
