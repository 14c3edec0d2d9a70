import Foundation
import HTTPTypes
package import HubCore

/// Finds the principal behind a request's credentials, however they travel.
///
/// Accepts `Bearer`, `OAuth` and `Basic` (the token is the password; the user name says nothing), and CSGHub's sync
/// token, which comes as `Authorization: X-OPENCSG-Sync-Token<token>` or as a header of its own (wire/csghub.md §4.2).
/// A token in a query string is refused by not being looked for (S4). A session's cookie counts where the route takes
/// sessions, which those of git, LFS and other programs do not, and only for what this site's own pages send (S39).
package struct RequestAuthenticator: Sendable {
    private let identities: IdentityStore
    private static let syncToken = "X-OPENCSG-Sync-Token"

    package init(identities: IdentityStore) { self.identities = identities }

    /// - Throws: `.invalidCredentials` for credentials nobody has or a scheme nobody speaks.
    package func principal(of request: HubRequest) async throws -> Principal {
        guard let token = try Self.token(of: request) else {
            return (try await session(of: request) ?? .anonymous).seen(from: request.remoteAddress)
        }
        guard let principal = try await identities.principal(token: token.reveal()) else {
            // This exact text keeps huggingface_hub from calling it "repository not found" (wire/huggingface.md §1).
            throw HubError(
                .invalidCredentials, "Invalid credentials in Authorization header",
                // The same however it came (S4): one who sent his account's password reads here why it does not do.
                remedy: "The token is unknown here, expired or revoked. Account passwords are not taken.")
        }
        return principal.seen(from: request.remoteAddress)
    }

    private func session(of request: HubRequest) async throws -> Principal? {
        guard request.takesSessions, let text = SessionCookie.read(request),
            let principal = try await identities.sessions.principal(session: text)
        else { return nil }
        try SameOrigin.require(request)
        return principal
    }

    private static func token(of request: HubRequest) throws -> Secret? {
        if let token = request.headers[syncToken], !token.isEmpty { return Secret(token) }
        guard let header = request.headers[.authorization], !header.isEmpty else { return nil }
        if header.lowercased().hasPrefix(syncToken.lowercased()) {
            return Secret(String(header.dropFirst(syncToken.count)).trimmingCharacters(in: .whitespaces))
        }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { throw unreadable }
        let value = parts[1].trimmingCharacters(in: .whitespaces)
        switch parts[0].lowercased() {
        case "bearer", "oauth": return Secret(value)
        case "basic":
            guard let data = Data(base64Encoded: value), let text = String(validating: data, as: UTF8.self),
                let colon = text.firstIndex(of: ":")
            else { throw unreadable }
            let password = text[text.index(after: colon)...]
            // `git clone https://TOKEN@host/...` sends the token as the user name.
            let token = password.isEmpty || password == "x-oauth-basic" ? text[..<colon] : password
            return token.isEmpty ? nil : Secret(String(token))
        default: throw unreadable
        }
    }

    private static let unreadable = HubError(
        .invalidCredentials, "Invalid credentials in Authorization header",
        remedy: "Send 'Bearer TOKEN', or Basic with the token as password.")
}
