/// What every page knows of who looks at it, how, and where the hub stands.
package struct PageContext: Sendable {
    /// Who is signed in.
    package struct Visitor: Sendable, Hashable {
        /// What somebody may do on the whole hub, as far as the console's navigation asks.
        package enum Duty: Sendable, Hashable, CaseIterable {
            case operates, audits, setsQuotas
        }

        package let name: String
        package let isAdministrator: Bool
        private let duties: Set<Duty>
        /// What he was told and did not read, at most 100.
        package var unread = 0

        /// - Parameter duties: known on pages of the console only.
        package init(name: String, isAdministrator: Bool, duties: Set<Duty> = []) {
            self.name = name
            self.isAdministrator = isAdministrator
            self.duties = duties
        }

        package func has(_ duty: Duty) -> Bool { isAdministrator || duties.contains(duty) }
    }

    package enum Theme: String, Sendable, CaseIterable {
        case light, dark, automatic = "auto"
    }

    package let t: L10n
    package let theme: Theme
    /// Nil for somebody who is not signed in.
    package let visitor: Visitor?
    /// Path and query, as they were asked for.
    package let address: String
    /// What forms carry in the field `csrf`.
    package let csrf: String
    package let assets: AssetLinks
    /// Scheme, authority and prefix under which clients reach the hub, without a trailing slash.
    package let siteURL: String
    /// Milliseconds since 1970.
    package var now: Int64
    package let requestID: String
    /// What the style elements of editors carry; nil on pages without one.
    package var nonce: String?

    package init(
        t: L10n, theme: Theme = .automatic, visitor: Visitor? = nil, address: String = "/", csrf: String = "",
        assets: AssetLinks = AssetLinks(), siteURL: String = "http://127.0.0.1:8080", now: Int64,
        requestID: String = "", nonce: String? = nil
    ) {
        self.t = t
        self.theme = theme
        self.visitor = visitor
        self.address = address
        self.csrf = csrf
        self.assets = assets
        self.siteURL = siteURL
        self.now = now
        self.requestID = requestID
        self.nonce = nonce
    }

    /// The path alone.
    package var path: String { String(address.prefix { $0 != "?" }) }

    /// The same page with a part of its query set, or without it for nil; what stands behind a hash is not sent.
    package func address(setting name: String, to value: String?) -> String {
        let query = address.drop { $0 != "?" }.dropFirst()
        var pairs = query.split(separator: "&").map(String.init).filter {
            $0.prefix { $0 != "=" } != name
        }
        if let value { pairs.append("\(name)=\(URLText.component(value))") }
        return pairs.isEmpty ? path : "\(path)?\(pairs.joined(separator: "&"))"
    }

    /// What a name in the query of the address is set to, as it was sent.
    package func value(of name: String) -> String? {
        let query = address.drop { $0 != "?" }.dropFirst()
        let pair = query.split(separator: "&").first { $0.prefix { $0 != "=" } == name }
        return pair.map { String($0.dropFirst(name.count + 1)) }
    }
}
