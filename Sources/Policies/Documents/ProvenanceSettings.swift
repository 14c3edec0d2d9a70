/// How acquisitions are recorded, signed and checked. The plain record of where something came from is always kept.
package struct ProvenanceSettings: Sendable, Hashable {
    package enum Attachment: String, Sendable, Hashable, CaseIterable {
        case slsa
        case cycloneDX = "cyclonedx-1.6"
        case modelSigning = "oms"
    }

    /// That content is taken only when a trusted key signed it.
    package struct RequiredSignature: Sendable, Hashable {
        /// Files in PEM form; the last part of a path may have wildcards.
        package var trustedKeys: [TrustedKeyFiles]
        /// Of what it is required; nil: of everything.
        var condition: Expression?
        package var location: SourceLocation
    }

    /// Public keys in files.
    package struct TrustedKeyFiles: Sendable, Hashable {
        /// An absolute path whose last part may have `*` and `?`.
        package var pattern: String
        package var location: SourceLocation
    }

    /// Whether signed statements are made of what comes in.
    package var recordsStatements = true
    package var signingKeyFile: String?
    package var requiredSignature: RequiredSignature?
    /// What is made as soon as a revision came in, rather than when somebody first asks for it.
    package var attach: [Attachment] = []
}

extension ProvenanceSettings {
    /// Rules under this name say that a signature is missing.
    package static let ruleID = "requireSignature"
}
