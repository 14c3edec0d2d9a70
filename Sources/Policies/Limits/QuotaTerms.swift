/// What one subject may use of a mirror, put together from the quotas that name it.
package struct QuotaTerms: Sendable, Hashable {
    package var bytesPerDay: Int64?
    package var requestsPerMinute: Int?
    package var storedBytes: Int64?

    package init(bytesPerDay: Int64? = nil, requestsPerMinute: Int? = nil, storedBytes: Int64? = nil) {
        self.bytesPerDay = bytesPerDay
        self.requestsPerMinute = requestsPerMinute
        self.storedBytes = storedBytes
    }

    /// Whether nothing is limited.
    package var isEmpty: Bool { bytesPerDay == nil && requestsPerMinute == nil && storedBytes == nil }
}

/// What a quota may be about.
package enum QuotaSubjectKind: String, Sendable, Hashable, CaseIterable {
    case user, org
}

extension Sequence<Quota> {
    /// What a user or an organisation may use: limit by limit the one that names it, or else the one for each of its kind.
    /// Where several quotas set the same limit for it, the smallest holds.
    /// - Parameter name: in lower case; nil for somebody without a name, who gets what each gets.
    package func terms(of kind: QuotaSubjectKind, named name: String?) -> QuotaTerms {
        var own = QuotaTerms()
        var each = QuotaTerms()
        for quota in self {
            if quota.subject == "\(kind.rawValue):*" {
                each.tighten(by: quota)
            } else if let name, quota.subject.lowercased() == "\(kind.rawValue):\(name)" {
                own.tighten(by: quota)
            }
        }
        return QuotaTerms(
            bytesPerDay: own.bytesPerDay ?? each.bytesPerDay,
            requestsPerMinute: own.requestsPerMinute ?? each.requestsPerMinute,
            storedBytes: own.storedBytes ?? each.storedBytes)
    }

    /// Whether any of them is about organisations.
    package var concernOrganisations: Bool { contains { $0.subject.hasPrefix("\(QuotaSubjectKind.org.rawValue):") } }
}

extension QuotaTerms {
    fileprivate mutating func tighten(by quota: Quota) {
        bytesPerDay = [bytesPerDay, quota.bytesPerDay].compactMap(\.self).min()
        requestsPerMinute = [requestsPerMinute, quota.requestsPerMinute].compactMap(\.self).min()
        storedBytes = [storedBytes, quota.storedBytes].compactMap(\.self).min()
    }
}
