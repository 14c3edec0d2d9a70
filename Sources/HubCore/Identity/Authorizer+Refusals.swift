extension Authorizer {
    /// What a decision against somebody who may discover the repository tells him.
    static func refusal(
        _ decision: AccessDecision, of record: RepositoryRecord, _ principal: Principal, _ verb: Verb
    ) -> HubError {
        if decision.outcome == .unauthenticated {
            return HubError(.authenticationRequired, "Sign in to change \(record.id).")
        }
        if decision.outcome == .gated { return gated(record, principal, decision.reason) }
        if case .mirror(let mirror) = record.origin, decision.reason == .mirror {
            return HubError(
                .forbidden, "\(record.id) is a read-only mirror of \(mirror.path) at \(mirror.upstream).",
                remedy: "Change it there, or copy it under a namespace of yours.")
        }
        return HubError(
            .forbidden, "You may not do that (\(verb.rawValue)) with \(record.id).", remedy: decision.reason.remedy)
    }

    /// In the words of Hugging Face, which its clients' tests look for (wire/huggingface.md §10).
    private static func gated(_ record: RepositoryRecord, _ principal: Principal, _ reason: AccessDecision.Reason)
        -> HubError
    {
        let name = "\(record.id.kind.rawValue) \(record.id.path)"
        guard !principal.isAnonymous else {
            return HubError(
                .gated,
                "Access to \(name) is restricted. You must have access to it and be authenticated to access it.",
                remedy: "Send an access token of an account that was let in.", status: 401)
        }
        let remedy =
            switch reason {
            case .gate(.pending): "Your request is waiting for the owner's answer."
            case .gate(.rejected): "Your request has been rejected by the owner."
            case .gate(nil) where principal.token?.resources != nil: "The token may be narrowed to other repositories."
            default:
                "Ask for access: POST \(record.id.kind == .model ? "" : "/\(record.id.kind.plural)")/\(record.id.path)/ask-access."
            }
        return HubError(
            .gated, "Access to \(name) is restricted and you are not in the authorized list.", remedy: remedy)
    }
}

extension AccessDecision.Reason {
    /// What the reader can do about it; nil when that is for others to do.
    var remedy: String? {
        switch self {
        case .tokenScope(let needed): "Use a token with the scope \(needed.rawValue)."
        case .tokenResources: "Use a token that is not narrowed to other repositories."
        default: nil
        }
    }
}
