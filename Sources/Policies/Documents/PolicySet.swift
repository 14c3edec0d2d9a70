/// Rules and licence lists that hold for every mirror.
struct PolicySet: Sendable, Hashable {
    let name: String
    let rules: [Rule]
    let license: LicenseRules?
}
