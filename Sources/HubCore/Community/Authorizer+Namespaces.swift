extension Authorizer {
    /// Whether what is private in a namespace is shown to a principal: to whoever could create there with a token that
    /// writes, and to site administrators.
    func isInside(_ namespace: String, _ principal: Principal) async -> Bool {
        guard let user = principal.user else { return false }
        if user.isAdministrator { return true }
        let writing = Principal(user: user, token: TokenGrant(id: 0, name: "", scope: .write, createdAt: 0))
        do {
            try await authorizeCreation(in: namespace, by: writing)
            return true
        } catch {
            return false
        }
    }
}
