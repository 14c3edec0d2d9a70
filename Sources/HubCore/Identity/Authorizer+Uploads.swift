extension Authorizer {
    /// Opens a repository to upload to it: to write where the caller may, else to stage what his pull request will name.
    ///
    /// What a client sends before it opens a pull request says nothing of one, so whoever may open one may upload; only
    /// he can name what he staged, and he pays for it. Staging changes nothing that anybody sees, so a token that
    /// uploads is enough for it: opening the pull request takes one that writes.
    package func openForUpload(_ principal: Principal, _ id: RepositoryID) async throws -> Repository {
        do {
            return try await open(principal, .contentWrite, id)
        } catch let error as HubError where error.code == .forbidden {
            guard let proposed = try? await open(principal.staging, .discuss, id),
                (try? await open(principal, .contentRead, id)) != nil,
                let record = try await store.record(id)
            else { throw error }
            return Repository(record: record, principal: principal, verb: .discuss, rules: proposed.rules)
        }
    }
}

extension Principal {
    /// The same with a token that uploads taken for one that writes, to ask whether he could propose a change.
    fileprivate var staging: Principal {
        guard let token, token.scope == .upload else { return self }
        return Principal(
            user: user,
            token: TokenGrant(
                id: token.id, name: token.name, scope: .write, createdAt: token.createdAt,
                expiresAt: token.expiresAt, resources: token.resources), session: session, address: address)
    }
}
