/// How acquisitions are recorded, signed and checked. Recording itself is always on.
package struct ProvenanceSettings: Sendable, Hashable {
    package enum Attachment: String, Sendable, Hashable, CaseIterable {
        case slsa
        case cycloneDX = "cyclonedx-1.6"
        case modelSigning = "oms"
    }

    package var signingKeyFile: String?
    package var trustedKeys: [String] = []
    /// The condition under which a signature is required, as written.
    package var requireSignatureWhen: String?
    package var attach: [Attachment] = []
}
