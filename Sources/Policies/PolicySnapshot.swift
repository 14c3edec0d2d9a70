/// The policy in force: immutable, replaced as a whole.
package struct PolicySnapshot: Sendable, Hashable {
    /// Digest of all file texts, as the caller computed it.
    package let digest: String
    /// Enabled mirrors, ordered by file name and then by their place in the file.
    package let mirrors: [Mirror]
    /// Mirrors that are written down and switched off.
    package let disabledMirrors: [Mirror]
    let sharedRules: [Rule]
    let sharedLicenses: [LicenseRules]

    /// A policy without mirrors or rules.
    package static let empty = PolicySnapshot(
        digest: "", mirrors: [], disabledMirrors: [], sharedRules: [], sharedLicenses: [])

    /// Reads, validates and joins policy files. Nothing is loaded when anything is wrong, and everything wrong is told.
    ///
    /// - Parameters:
    ///   - files: in any order; they are taken by name.
    ///   - digest: a digest of all their texts, which decisions carry as `policyDigest`.
    package static func load(_ files: [PolicyFile], digest: String) -> PolicyLoad {
        var loader = PolicyLoader()
        for file in files.sorted(by: { $0.name < $1.name }) { loader.read(file) }
        return loader.finish(digest: digest)
    }

    /// The enabled mirror of that name.
    package func mirror(named name: String) -> Mirror? {
        mirrors.first { $0.name == name }
    }

    /// Whether decisions about a mirror's content depend on who asks, so that they may not be shared between users.
    package func dependsOnRequester(_ mirror: Mirror) -> Bool {
        (mirror.rules + sharedRules).contains(where: \.dependsOnRequester)
    }
}
