import SQL

/// The refusals of full accounts, as people read them.
enum QuotaExceeded {
    /// Bytes for which an account has no room.
    static func bytes(_ bytes: Int64, in account: String, _ connection: any Connection) throws -> HubError {
        let row = try connection.first(
            "SELECT used, reserved FROM quota_usage WHERE account = ?", [.text(account)])
        let limit = try QuotaLedger.limit(of: account, in: connection) ?? QuotaLedger.unlimited
        return error(
            bytes, in: account,
            QuotaAccount(
                name: account, byteLimit: limit, repositoryLimit: nil, isDefault: false,
                used: try row?.integer("used") ?? 0, reserved: try row?.integer("reserved") ?? 0, repositories: 0))
    }

    /// The same for what is known of an account already.
    static func error(_ bytes: Int64, in name: String, _ account: QuotaAccount) -> HubError {
        let limit = account.byteLimit ?? QuotaLedger.unlimited
        var taken = "\(ByteCount(account.used)) are used"
        if account.reserved > 0 { taken += " and \(ByteCount(account.reserved)) are being uploaded" }
        return HubError(
            .quotaExceeded,
            "The storage quota of '\(name)' is exceeded: \(ByteCount(bytes)) more do not fit into its "
                + "\(ByteCount(limit)), of which \(taken).",
            remedy: "Delete what is not needed, or ask an administrator for more.")
    }

    /// A namespace that may have no more repositories.
    static func repositories(_ limit: Int64, in name: String) -> HubError {
        HubError(
            .quotaExceeded, "The namespace '\(name)' may have \(limit) repositories and has them.",
            remedy: "Delete one that is not needed, or ask an administrator for more.")
    }

    /// A size beyond anything that can be stored.
    static func tooLarge(_ bytes: Int64) -> HubError {
        HubError(.quotaExceeded, "\(bytes) bytes are more than any account may hold.")
    }

    /// A name made of a repository, a user and a digest is for one account, unless the repository moved meanwhile.
    static var foreign: HubError {
        HubError(
            .conflict, "The repository moved while something was being uploaded to it.",
            remedy: "Start the upload again.",
            status: 503, retryAfter: 1)
    }
}
