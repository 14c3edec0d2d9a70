import HTTPTypes
import HubCore
package import Logging
import MirrorGateway

/// Finds a request's route, checks what needs no repository, calls the handler and renders what went wrong.
///
/// It knows no socket: surfaces are tested by calling ``respond(to:)``.
package struct RequestDispatcher: Sendable {
    private let table: RouteTable
    private let errors: any ErrorRendering
    private let logger: Logger

    /// - Parameter errors: renders what happens before a route is found.
    package init(table: RouteTable, errors: any ErrorRendering = PlainErrorRendering(), logger: Logger) {
        self.table = table
        self.errors = errors
        self.logger = logger
    }

    /// The answer to `request`; every error has become one.
    package func respond(to request: HubRequest) async -> HubResponse {
        await answer(request).response
    }

    /// The answer, and the request as its route saw it.
    func answer(_ request: HubRequest) async -> (response: HubResponse, request: HubRequest) {
        let match: RouteMatch
        do {
            match = try table.match(request.method, request.rawPath)
        } catch {
            return (render(error, by: errors, for: request), request)
        }
        switch match {
        case .notFound:
            let error = HubError(.notFound, "There is nothing at \(request.path).")
            var request = request
            if request.wantsPage {
                // Whoever is signed in is so on the page that tells him of his mistake.
                request.takesSessions = true
                _ = try? await request.principal()
            }
            return (render(error, by: errors, for: request), request)
        case .methodNotAllowed(let allowed, let route):
            let error = HubError(.methodNotAllowed, "\(request.method) is not supported at \(request.path).")
            let response = render(error, by: route.errors, for: request)
            return (response.with("Allow", allowed.map(\.rawValue).joined(separator: ", ")), request)
        case .found(let route, let parameters):
            var request = request
            request.parameters = parameters
            request.mount = route.mount
            request.route = route.pattern
            request.takesSessions = route.takesSessions
            do {
                try await admit(request, to: route)
                let surface = WriteSurface(route: route.pattern)
                return (
                    try await WriteSurface.$current.withValue(surface) {
                        try await counted(request, route.handler)
                    }, request
                )
            } catch {
                return (render(error, by: route.errors, for: request), request)
            }
        }
    }

    /// The handler's answer, counted for whoever may use only so much of a mirror; what does not fit is not sent.
    private func counted(_ request: HubRequest, _ handler: Route.Handler) async throws -> HubResponse {
        let tally = QuotaTally(expecting: request.bytesExpected)
        var response = try await QuotaTally.$current.withValue(tally) { try await handler(request) }
        // JSON speaks of content: lists, links, tokens. It is no content.
        let isContent = response.headers[.contentType]?.contains("json") != true
        if let use = tally.use, request.method != .head, response.status < 300, isContent {
            if let length = response.body.length { try use.settle(on: length) }
            response.use = use
        }
        return response
    }

    /// What an error becomes where no route was found.
    func render(_ error: any Error, for request: HubRequest) -> HubResponse {
        render(error, by: errors, for: request)
    }

    private func admit(_ request: HubRequest, to route: Route) async throws {
        switch route.verb {
        case .open, .repository: return
        case .authenticated, .hub, .admin:
            let principal = try await request.principal()
            guard !principal.isAnonymous else {
                throw HubError(
                    .authenticationRequired, "This needs an account.", remedy: "Send an access token.")
            }
            if route.verb == .admin, !principal.isAdministrator {
                throw HubError(
                    .forbidden, "This is for administrators.", remedy: "Use an administrator's token of admin scope.")
            }
        }
    }

    private func render(
        _ error: any Error, by errors: any ErrorRendering, for request: HubRequest
    ) -> HubResponse {
        if let error = error as? HubError ?? HubError(ofDatabase: error) {
            guard error.code == .internalError else { return errors.render(error, for: request) }
            report(error, request)
        } else if error is CancellationError {
            // The client has left, or the process is stopping; hardly anyone will read this.
            return errors.render(HubError(.shuttingDown, "The request was cancelled."), for: request)
        } else {
            report(error, request)
        }
        return errors.render(
            HubError(
                .internalError, "Something went wrong here; the log has it under request \(request.id.text)."),
            for: request)
    }

    private func report(_ error: any Error, _ request: HubRequest) {
        logger.error(
            "request failed",
            metadata: [
                "req": .string(request.id.text), "route": .string(request.route),
                "method": .string(request.method.rawValue), "error": .string(String(describing: error)),
            ])
    }
}

extension WriteSurface {
    /// The interface that a route belongs to.
    fileprivate init(route: String) {
        self =
            if route.hasPrefix("/api/gateway/") {
                .rest
            } else if route.contains("/api/v1/") {
                .csghub
            } else if route.contains("/git-receive-pack") || route.contains("/info/lfs") {
                .git
            } else {
                .huggingFace
            }
    }
}
