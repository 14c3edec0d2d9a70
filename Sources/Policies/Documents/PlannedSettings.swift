/// What policy files may already say and no release enforces yet. Each part is validated and reported as a notice.
package struct PlannedSettings: Sendable, Hashable {
    package var scan: ScanSettings?
    package var provenance: ProvenanceSettings?
    package var recommend: RecommendSettings?
    /// What a derivative inherits its licence from: `base_model`.
    package var licenseInheritsBaseModel = false
    package var licenseMismatch: RuleAction?
}
