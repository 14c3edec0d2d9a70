import HubCore

/// How callers show who they are, and which routes ask.
///
/// - SeeAlso: ``RequestAuthenticator``
enum APISecurity {
    private static let names = ["bearer", "basic", "syncToken"]
    private static let session = "session"

    static func write(to json: inout JSONWriter) {
        json.object("bearer") { json in
            json.member("type", "http")
            json.member("scheme", "bearer")
            json.member("description", "An access token.")
        }
        json.object("basic") { json in
            json.member("type", "http")
            json.member("scheme", "basic")
            json.member("description", "Any user name; the access token is the password.")
        }
        json.object("syncToken") { json in
            json.member("type", "apiKey")
            json.member("in", "header")
            json.member("name", "X-OPENCSG-Sync-Token")
            json.member("description", "An access token, as CSGHubs that follow another send it.")
        }
        json.object(session) { json in
            json.member("type", "apiKey")
            json.member("in", "cookie")
            json.member("name", SessionCookie.secureName)
            json.member(
                "description",
                "A session, begun by `POST \(IdentitySurface.base)/sessions`, for browsers: changes are taken from the "
                    + "hub's own pages only. Without HTTPS the cookie is called `\(SessionCookie.plainName)`.")
        }
    }

    /// What a route wants; nothing is one of the choices where what is public is read.
    static func write(_ route: Route, to json: inout JSONWriter) {
        json.array("security") { json in
            if mayBeAnonymous(route.verb) { json.object { _ in } }
            for name in names + (route.takesSessions ? [session] : []) {
                json.object { $0.array(name) { _ in } }
            }
        }
    }

    private static func mayBeAnonymous(_ verb: RouteVerb) -> Bool {
        switch verb {
        case .open: true
        case .authenticated, .hub, .admin: false
        case .repository(let verb): verb.isRead
        }
    }
}
