import HubCore
import MirrorGateway

/// Why a mirror is not made or changed here: what is mirrored is said by the policy files.
extension CSGHubRefusal {
    static func isLocal(_ id: RepositoryID) -> CSGHubRefusal {
        CSGHubRefusal(
            code: "MIRROR-ERR-0", cause: .conflict, status: 409,
            message: "\(id) was made here: it mirrors nothing, and nothing is mirrored into it.")
    }

    static func saidByPolicy(_ what: String) -> CSGHubRefusal {
        CSGHubRefusal(code: "MIRROR-ERR-0", cause: .conflict, status: 409, message: what)
    }

    static func other(_ id: RepositoryID, _ origin: Repository.Mirror) -> CSGHubRefusal {
        CSGHubRefusal(
            code: "MIRROR-ERR-0", cause: .conflict, status: 409,
            message: "\(id) mirrors \(origin.path) of \(origin.upstream), as the mirror '\(origin.mirror)' says.")
    }

    static func credentials() -> CSGHubRefusal {
        CSGHubRefusal(
            code: "MIRROR-ERR-5", cause: .badRequest, status: 400,
            message:
                "Credentials of an upstream are not sent with a mirror: name a file or variable that holds them as "
                + "'auth' of the upstream in its mirror file.")
    }

    /// Says which file would let the address in.
    static func notFound(_ finding: UpstreamLocator.Finding, _ address: String) -> CSGHubRefusal {
        let text = address.prefix { $0 != "?" && $0 != "#" }.prefix(200)
        switch finding {
        case .found(let place):
            return CSGHubRefusal(
                code: "MIRROR-ERR-7", cause: .badRequest, status: 400,
                message: "\(place.source.file) keeps \(text) as \(place.local); ask for it there.")
        case .unknown(let host):
            let name = host.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
            return CSGHubRefusal(
                code: "POLICY-ERR-0", cause: .policyDenied, status: 403,
                message: "No mirror file names an upstream at \(host). An operator lets it in with a file such as "
                    + "mirrors.d/\(name).yaml whose spec.upstreams has {name: \(name), type: git-lfs, "
                    + "url: \"https://\(host)\"}.")
        case .unmapped(let source, let owner):
            return CSGHubRefusal(
                code: "MIRROR-ERR-6", cause: .policyDenied, status: 403,
                message:
                    "\(source.file) has the upstream '\(source.upstream)', but its spec.namespace.map has no place "
                    + "for '\(owner)'. An operator lets it in there.")
        case .unreadable(let source):
            return CSGHubRefusal(
                code: "REQ-ERR-0", cause: .badRequest, status: 400,
                message: "\(text) names no repository of this kind at '\(source.upstream)' of \(source.file).")
        }
    }
}
