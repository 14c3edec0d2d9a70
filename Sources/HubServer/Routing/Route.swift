package import HTTPTypes

/// One row of the router: a method and a path pattern, what it permits, and who answers.
///
/// Patterns look like `/api/{kinds:models|datasets}/{namespace}/{name}/tree/{revision}/{path...}`:
/// - a literal segment wins over a capture;
/// - `{name}` captures one segment of the path *as sent*, decoded afterwards, so `refs%2Fpr%2F1` is one segment;
/// - `{name}.git` captures what stands before the suffix, and `v{name}` what follows a prefix;
/// - `{kinds:a|b}` captures one of the listed words;
/// - `{path...}`, only at the end, captures the rest, which may be empty; segments are decoded and joined by `/`.
package struct Route: Sendable {
    package typealias Handler = @Sendable (HubRequest) async throws -> HubResponse

    package let method: HTTPRequest.Method
    package let pattern: String
    package let verb: RouteVerb
    /// Whether clients of this GET route ask HEAD first, and so its answer to that is cheap, documented and tested. Every
    /// other GET route answers HEAD as well, by all the work of a GET.
    package let head: Bool
    package let handler: Handler
    package let errors: any ErrorRendering
    /// Whether a session's cookie says who asks. Not unless the surface is for browsers: git, LFS and the hubs' own
    /// clients send tokens (S39).
    package let takesSessions: Bool
    /// The part of the pattern in front of what the surface wrote: empty, or such as `/hf`.
    package let mount: String

    package init(
        method: HTTPRequest.Method, pattern: String, verb: RouteVerb, head: Bool = false,
        handler: @escaping Handler, errors: any ErrorRendering
    ) {
        self.init(
            method: method, pattern: pattern, verb: verb, head: head, takesSessions: false, mount: "", handler: handler,
            errors: errors)
    }

    /// The same, with the handler last: `Route(.get, "/livez", .open, errors: plain) { ... }`.
    package init(
        _ method: HTTPRequest.Method, _ pattern: String, _ verb: RouteVerb, head: Bool = false,
        errors: any ErrorRendering, handler: @escaping Handler
    ) {
        self.init(
            method: method, pattern: pattern, verb: verb, head: head, takesSessions: false, mount: "", handler: handler,
            errors: errors)
    }

    private init(
        method: HTTPRequest.Method, pattern: String, verb: RouteVerb, head: Bool, takesSessions: Bool, mount: String,
        handler: @escaping Handler, errors: any ErrorRendering
    ) {
        self.takesSessions = takesSessions
        self.method = method
        self.pattern = pattern
        self.verb = verb
        self.head = head
        self.mount = mount
        self.handler = handler
        self.errors = errors
    }

    /// This route under a prefix such as `/hf`; an empty prefix leaves it where it is.
    package func mounted(at prefix: String) -> Route {
        Route(
            method: method, pattern: prefix + pattern, verb: verb, head: head, takesSessions: takesSessions,
            mount: prefix + mount, handler: handler, errors: errors)
    }

    /// This route with another answer.
    func answering(_ handler: @escaping Handler) -> Route {
        Route(
            method: method, pattern: pattern, verb: verb, head: head, takesSessions: takesSessions, mount: mount,
            handler: handler, errors: errors)
    }

    /// This route for browsers too: a session's cookie says who asks.
    package var takingSessions: Route {
        Route(
            method: method, pattern: pattern, verb: verb, head: head, takesSessions: true, mount: mount,
            handler: handler, errors: errors)
    }
}

extension Sequence<Route> {
    /// These routes under each of `prefixes`.
    package func mounted(at prefixes: [String]) -> [Route] {
        prefixes.flatMap { prefix in map { $0.mounted(at: prefix) } }
    }
}
