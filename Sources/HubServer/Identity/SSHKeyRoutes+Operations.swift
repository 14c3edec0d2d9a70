import HubCore

extension SSHKeyRoutes {
    static let operations = APIOperationGroup(
        "SSH keys", at: IdentitySurface.base + "/ssh-keys",
        [
            .get(
                "", "listSSHKeys", "The keys by which you come in over SSH.",
                returns: .json(.object(["keys": .array(of: key)])), refusing: [.forbidden]),
            .post(
                "", "addSSHKey", "Lets you in by another key.",
                body: .json(
                    .object(["key": publicKey, "name": .text("The key's comment by default.").omittable])),
                returns: .json(key, status: 201), refusing: [.conflict]),
            .delete(
                "/{key}", "removeSSHKey", "Lets nobody in by a key any more.",
                captures: ["key": APICapture(.text("The key's number."))], returns: .empty()),
        ])

    static let publicKey = JSONSchema.text("One line, as in `~/.ssh/id_ed25519.pub`.")
    static let fingerprint = JSONSchema(.string(format: nil, pattern: "^SHA256:[A-Za-z0-9+/]{43}$", words: []))

    private static let key = JSONSchema.named(
        "SSHKey", .object(["id": .hexadecimal, "name": .text, "fingerprint": fingerprint, "createdAt": .time]))
}
