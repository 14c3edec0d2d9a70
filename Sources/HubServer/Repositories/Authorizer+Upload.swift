import HubCore

extension Authorizer {
    /// Opens a repository to bring large files to it: to write where the caller may, else to stage what his pull request
    /// will name.
    ///
    /// What comes before the commit of a pull request says nothing of it, so whoever may open one may upload; only he can
    /// name what he staged, and he pays for it.
    func openForUpload(_ principal: Principal, _ id: RepositoryID) async throws -> Repository {
        do {
            return try await open(principal, .contentWrite, id)
        } catch let error as HubError where error.code == .forbidden {
            guard let repository = try? await open(principal, .discuss, id),
                (try? await open(principal, .contentRead, id)) != nil
            else { throw error }
            return repository
        }
    }
}
