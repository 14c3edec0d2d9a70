/// Whether what derives from one licence may be named under another. No legal matrix: only the duties that policies know,
/// and only where they are plainly not met.
enum LicenseCompatibility {
    /// Flags that a licence for a derivative must not lose, the most telling first.
    private static let restrictions: [LicenseFlag] = [
        .nonCommercial, .useRestrictions, .userCap, .acceptableUsePolicy, .naming,
    ]

    /// The restrictions of an ancestor that a licence does not have; empty where it names no terms at all.
    static func dropped(from ancestor: LicenseExpression, by own: LicenseExpression) -> [LicenseFlag] {
        guard saysSomething(own) else { return [] }
        let kept = own.flags
        return restrictions.filter { ancestor.flags.contains($0) && !kept.contains($0) }
    }

    /// Whether an expression names terms, and not only `other`, `unknown`, a family or a text that nobody knows.
    static func saysSomething(_ expression: LicenseExpression) -> Bool {
        expression.licenses.contains { $0.recognition == .spdx || $0.recognition == .reference }
            && !expression.flags.contains(.noInformation)
    }

    /// The licence of an ancestor that asks derivatives to be under it, where the named licence is none that it accepts.
    static func copyleftDropped(from ancestor: LicenseExpression, by own: LicenseExpression) -> License? {
        guard saysSomething(own) else { return nil }
        switch ancestor {
        case .license(let license), .with(let license, _):
            return license.flags.isDisjoint(with: keeping) || accepts(license, own) ? nil : license
        case .all(let parts):
            return parts.lazy.compactMap { copyleftDropped(from: $0, by: own) }.first
        // One that may be chosen and is met is enough.
        case .any(let parts):
            let unmet = parts.map { copyleftDropped(from: $0, by: own) }
            return unmet.contains { $0 == nil } ? nil : unmet.first ?? nil
        }
    }

    private static let keeping: Set<LicenseFlag> = [.strongCopyleft, .networkCopyleft, .weakCopyleft, .shareAlike]

    private static func accepts(_ ancestor: License, _ own: LicenseExpression) -> Bool {
        switch own {
        case .license(let license), .with(let license, _): accepts(ancestor, license)
        case .all(let parts): parts.contains { accepts(ancestor, $0) }
        // One who may choose may choose the one that is not accepted.
        case .any(let parts): parts.allSatisfy { accepts(ancestor, $0) }
        }
    }

    private static func accepts(_ ancestor: License, _ own: License) -> Bool {
        if ancestor.id == own.id { return true }
        if ancestor.recognition == .family {
            return own.id.lowercased().hasPrefix(ancestor.id) || keepsAll(ancestor, own)
        }
        let (family, version, isLater) = parts(ancestor.id)
        let (ownFamily, ownVersion, ownIsLater) = parts(own.id)
        switch family {
        case "GPL":
            guard ownFamily == "GPL" || (ownFamily == "AGPL" && ownVersion == "3.0") else { return false }
            if isLater { return ownVersion >= version }
            return ownVersion == version && !ownIsLater
                || (version == "3.0" && ownFamily == "AGPL")
        case "AGPL":
            return ownFamily == "AGPL" && (isLater ? ownVersion >= version : ownVersion == version && !ownIsLater)
        case "LGPL":
            // The LGPL lets its work be taken under the GPL.
            guard ["LGPL", "GPL", "AGPL"].contains(ownFamily) else { return false }
            if ownFamily == "LGPL" { return isLater ? ownVersion >= version : ownVersion == version && !ownIsLater }
            return isLater || version == "2.0" || version == "2.1" || ownVersion == "3.0"
        case "MPL", "EPL", "EUPL", "CDDL":
            if ownFamily == family { return ownVersion >= version }
            return family == "MPL" && version == "2.0" && ["GPL", "LGPL", "AGPL"].contains(ownFamily)
                || family == "EUPL" && ["GPL", "AGPL", "LGPL", "MPL", "EPL", "CECILL", "OSL"].contains(ownFamily)
        case "CC-BY-SA":
            return ownFamily == family && ownVersion >= version
                || (version == "4.0" && ownFamily == "GPL" && ownVersion == "3.0")
        case "CC-BY-NC-SA", "GFDL": return ownFamily == family && ownVersion >= version
        default: return ownFamily == family && ownVersion >= version
        }
    }

    private static func keepsAll(_ ancestor: License, _ own: License) -> Bool {
        ancestor.flags.subtracting([.familyAmbiguous, .noInformation]).isSubset(of: own.flags)
    }

    /// `GPL-3.0-or-later` as `GPL`, `3.0`, true.
    private static func parts(_ id: String) -> (family: String, version: String, isLater: Bool) {
        var rest = Substring(id)
        var isLater = false
        for suffix in ["-or-later", "-only"] where rest.hasSuffix(suffix) {
            isLater = suffix == "-or-later"
            rest = rest.dropLast(suffix.count)
        }
        guard let dash = rest.lastIndex(of: "-"), rest[rest.index(after: dash)...].first?.isNumber == true else {
            return (String(rest), "", isLater)
        }
        return (String(rest[..<dash]), String(rest[rest.index(after: dash)...]), isLater)
    }
}
