import Foundation
package import HubCore

/// What proves to one origin who we are. Sent to exactly that origin and to no other, redirects included.
package enum Credentials: Sendable, Hashable {
    case none
    /// `Authorization: Bearer …`
    case bearer(Secret)
    /// `Authorization: Basic …`
    case basic(user: String, password: Secret)
    /// A header of the upstream's own, such as `PRIVATE-TOKEN`.
    case header(name: String, value: Secret)
}

extension Credentials {
    /// The header line they become; nil for ``none``.
    var headerField: (name: String, value: String)? {
        switch self {
        case .none: nil
        case .bearer(let token): ("Authorization", "Bearer \(token.reveal())")
        case .basic(let user, let password):
            ("Authorization", "Basic \(Data("\(user):\(password.reveal())".utf8).base64EncodedString())")
        case .header(let name, let value): (name, value.reveal())
        }
    }
}
