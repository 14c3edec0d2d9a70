extension PolicySnapshot {
    /// What the `scan` settings of a mirror say about what scans found.
    ///
    /// What a required scanner could not tell is held for review: unknown is never clean.
    func scanJudgements(_ mirror: Mirror, _ facts: Facts) -> Judgements {
        var judgements = Judgements()
        guard let settings = mirror.scan else { return judgements }
        guard let scan = facts.scan else {
            judgements.notEvaluated.append(
                "scan (\(settings.location.file):\(settings.location.line)): not known: scan")
            return judgements
        }
        let what = facts.file.map { "'\($0)'" } ?? "the revision"
        for finding in scan.findings where finding.verdict != .clean {
            let reason = "\(finding.told(of: what))"
            guard let outcome = settings.outcome(of: finding) else {
                judgements.advisories.append(Self.audited(settings, reason))
                continue
            }
            guard outcome != .allow else { continue }
            judgements.apply(ScanSettings.ruleID, outcome, at: settings.location, reason)
        }
        switch scan.state {
        case .pending: judge(pending: scan, what, settings, &judgements)
        case .done:
            // The verdict of a report says more than its findings when those were too many, or there is none.
            guard !scan.findings.contains(where: { $0.verdict == scan.verdict }) else { break }
            let finding = ScanFinding(
                scanner: "content", verdict: scan.verdict, code: "content.\(scan.verdict.rawValue)", place: "",
                text: scan.verdict == .unknown ? "could not be understood" : "was found to be \(scan.verdict.rawValue)")
            guard let outcome = settings.outcome(of: finding), outcome != .allow else { break }
            judgements.apply(ScanSettings.ruleID, outcome, at: settings.location, finding.told(of: what))
        }
        return judgements
    }

    private func judge(
        pending scan: ScanFacts, _ what: String, _ settings: ScanSettings, _ judgements: inout Judgements
    ) {
        guard !settings.serveBeforeScan else {
            judgements.advisories.append(Self.audited(settings, "\(what) is served before it is scanned"))
            return
        }
        if let waited = scan.pendingFor, waited > settings.effectiveDelay {
            judgements.apply(
                ScanSettings.ruleID, .review, at: settings.location,
                "\(what) could not be scanned within \(settings.effectiveDelay.components.seconds) seconds")
        } else {
            judgements.apply(
                ScanSettings.pendingRuleID, .review, at: settings.location, "\(what) is being scanned")
        }
    }

    private static func audited(_ settings: ScanSettings, _ reason: String) -> DeterminingRule {
        DeterminingRule(
            id: ScanSettings.ruleID, file: settings.location.file, line: settings.location.line,
            column: settings.location.column, action: .review, enforcement: .audit, reason: reason, message: nil)
    }
}

extension ScanFinding {
    /// `'model.bin': imports os.system, which runs commands (archive/data.pkl:120)`
    fileprivate func told(of what: String) -> String {
        "\(what): \(text)" + (place.isEmpty ? "" : " (\(place))")
    }
}

extension ScanSettings {
    /// What a finding makes of the decision; nil: it is only told.
    func outcome(of finding: ScanFinding) -> Decision.Outcome? {
        switch finding.verdict {
        case .clean: return nil
        case .dangerous: return outcome(ofDangerous: finding)
        case .suspicious: return outcome(ofSuspicious: finding)
        case .unknown: return outcome(ofUnknown: finding)
        }
    }

    private func outcome(ofDangerous finding: ScanFinding) -> Decision.Outcome? {
        switch finding.scanner {
        // A virus has no setting that would let it pass.
        case "malware": return .deny
        case "upstream": return importUpstreamStatus ? .review : nil
        case "remote-code", "template": return remoteCode?.outcome ?? (required.isEmpty ? nil : .review)
        case "secrets": return required.contains(.secrets) ? .review : nil
        // Whatever else runs code when it is loaded is what the pickle settings are about.
        default: return pickleDangerous.outcome
        }
    }

    private func outcome(ofSuspicious finding: ScanFinding) -> Decision.Outcome? {
        switch finding.scanner {
        case "malware": return .review
        case "upstream": return importUpstreamStatus ? .review : nil
        case "remote-code", "template": return remoteCode?.outcome
        case "secrets": return required.contains(.secrets) ? .review : nil
        case "safetensors": return required.contains(.safetensors) ? .review : nil
        case "gguf": return required.contains(.gguf) ? .review : nil
        default: return pickleUnknownGlobals.outcome
        }
    }

    /// Holds back what a required scanner had to tell and could not.
    private func outcome(ofUnknown finding: ScanFinding) -> Decision.Outcome? {
        switch finding.scanner {
        case "malware": return required.contains(.malware) ? .review : nil
        case "secrets": return required.contains(.secrets) ? .review : nil
        case "safetensors": return required.contains(.safetensors) ? .review : nil
        case "gguf": return required.contains(.gguf) ? .review : nil
        case "upstream": return nil
        case "remote-code", "template": return remoteCode?.outcome
        // What is of no known kind may be loaded as anything.
        default: return required.contains(.pickle) ? .review : nil
        }
    }
}

extension Decision {
    /// Whether nothing but a scan that is still to be done keeps the content back.
    package var awaitsScan: Bool {
        outcome == .review && !determining.isEmpty
            && determining.allSatisfy { $0.id == ScanSettings.pendingRuleID }
    }
}
