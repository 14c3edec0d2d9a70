import HubCore

extension DeployKeyRoutes {
    static let operations = APIOperationGroup(
        "Deploy keys", at: IdentitySurface.base + "/deploy-keys/{kind}/{namespace}/{name}",
        [
            .get(
                "", "listDeployKeys", "SSH keys that open this repository alone.",
                returns: .json(.object(["keys": .array(of: key)]))),
            .post(
                "", "addDeployKey", "Lets an SSH key to this repository.",
                body: .json(
                    .object([
                        "key": SSHKeyRoutes.publicKey, "name": .text("The key's comment by default.").omittable,
                        "canWrite": .boolean.omittable, "expiresInSeconds": .integer(1...315_360_000).omittable,
                    ])),
                returns: .json(key, status: 201), refusing: [.conflict]),
            .delete(
                "/{id}", "removeDeployKey", "Lets a key in no more.",
                captures: ["id": APICapture(.text("The key's number."))], returns: .empty()),
        ])

    private static let key = JSONSchema.named(
        "DeployKey",
        .object([
            "id": .hexadecimal, "name": .text, "fingerprint": SSHKeyRoutes.fingerprint, "canWrite": .boolean,
            "createdAt": .time, "expiresAt": .time.orNull,
        ]))
}
