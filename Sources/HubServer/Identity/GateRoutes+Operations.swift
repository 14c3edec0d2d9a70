extension GateRoutes {
    static let operations = APIOperationGroup(
        "Gates", at: IdentitySurface.base + "/gates/{kind}/{namespace}/{name}",
        [
            .put(
                "", "setGate", "Puts a gate in front of a repository's content, or takes it away.",
                body: .json(.object(["gated": gated])), returns: .json(.object(["gated": gated])))
        ])

    private static let gated = JSONSchema.oneOf(.constant(false), .words(["auto", "manual"]))
}
