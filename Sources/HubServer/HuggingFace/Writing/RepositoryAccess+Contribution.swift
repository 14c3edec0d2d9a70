import HubCore

extension RepositoryAccess {
    /// Opens the repository that large files are uploaded to, before the commit that names them: to write to it where the
    /// caller may, else to propose a change.
    func openForUpload(_ request: HubRequest, _ kind: RepositoryKind, to revision: String) async throws -> Repository {
        do {
            return try await open(request, kind, .contentWrite)
        } catch let error as HubError where error.code == .forbidden {
            guard try request.query.bool("create_pr", default: false) || revision.hasPrefix("refs/pr/") else {
                throw error
            }
            return try await openForCommit(request, kind, to: revision).repository
        }
    }

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
