/// What is stored, what could go, and whether it is still whole.
package struct StoragePage: Sendable {
    package struct Share: Sendable {
        let name: String
        let repositories: Int64
        let bytes: Int64

        package init(name: String, repositories: Int64, bytes: Int64) {
            self.name = name
            self.repositories = repositories
            self.bytes = bytes
        }
    }

    package struct Amount: Sendable {
        let kind: String
        let count: Int64
        let bytes: Int64
        let isKept: Bool

        package init(kind: String, count: Int64, bytes: Int64, isKept: Bool) {
            self.kind = kind
            self.count = count
            self.bytes = bytes
            self.isKept = isKept
        }
    }

    package struct Scrub: Sendable {
        let startedAt: Int64
        let finishedAt: Int64?
        let part: String
        let bytes: Int64
        let files: Int64
        let damaged: Int64
        let healed: Int64

        package init(
            startedAt: Int64, finishedAt: Int64?, part: String, bytes: Int64, files: Int64, damaged: Int64,
            healed: Int64
        ) {
            self.startedAt = startedAt
            self.finishedAt = finishedAt
            self.part = part
            self.bytes = bytes
            self.files = files
            self.damaged = damaged
            self.healed = healed
        }
    }

    package struct Damage: Sendable {
        let kind: String
        let name: String
        let repository: String?
        let reason: String
        let foundAt: Int64
        let healedAt: Int64?
        let source: String?

        package init(
            kind: String, name: String, repository: String?, reason: String, foundAt: Int64, healedAt: Int64?,
            source: String?
        ) {
            self.kind = kind
            self.name = name
            self.repository = repository
            self.reason = reason
            self.foundAt = foundAt
            self.healedAt = healedAt
            self.source = source
        }
    }

    package struct Content: Sendable {
        package var logical: Int64 = 0
        package var physical: Int64 = 0
        package var blobs: Int64 = 0
        package var kinds: [Share] = []
        package var owners: [Share] = []
        package var canCollect = false
        package var collectedAt: Int64?
        package var collected: [Amount] = []
        /// What would go; nil where nobody asked.
        package var preview: [Amount]?
        package var isBusy = false
        package var scrub: Scrub?
        package var damages: [Damage] = []
        package var notice: String?

        package init() {}
    }

    let content: Content

    package init(_ content: Content) { self.content = content }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let saved = content.logical > 0 ? 1 - Double(content.physical) / Double(content.logical) : 0
        let figures = KPIStrip.view([
            .init(t.complianceLogical, t.bytes(content.logical)),
            .init(t.compliancePhysical, t.bytes(content.physical)),
            .init(t.complianceRatio, t.percent(max(0, saved)), tone: saved > 0 ? .ok : .neutral),
            .init(t.complianceBlobs, t.number(content.blobs)),
            .init(
                t.complianceDamaged, t.number(content.damages.filter { $0.healedAt == nil }.count),
                tone: content.damages.contains { $0.healedAt == nil } ? .bad : .ok, address: "#damages"),
        ])
        return ConsoleFrame.page(
            .storage, t.complianceStorage, note: t.complianceStorageNote, notice: content.notice,
            """
            \(figures)<div class="split">\(Panel.view(t.complianceByKind, shares(
                content.kinds.map { .init(name: t.complianceRepositoryKind($0.name), repositories: $0.repositories,
                    bytes: $0.bytes) }, t.complianceByKind, t)))\
            \(Panel.view(t.complianceByOwner, shares(content.owners, t.complianceByOwner, t)))</div>\
            \(Panel.view(t.complianceScrub, id: "scrub", actions: Form.button(
                t.complianceScrubStart, to: "/console/storage", fields: [("do", "scrub")], icon: "shield-check",
                context), scrub(context)))\
            \(Panel.view(t.complianceDamages, id: "damages", damages(context)))\
            \(Panel.view(t.complianceGarbage, id: "garbage", garbage(context)))
            """, context)
    }

    private func shares(_ shares: [Share], _ label: String, _ t: L10n) -> HTML {
        guard !shares.isEmpty else { return "<p class=\"hint\">\(t.adminNothingHeld)</p>" }
        let most = max(1, shares.map(\.bytes).max() ?? 1)
        let rows = shares.map { share -> [HTML] in
            [
                HTML(text: share.name), HTML(text: t.number(share.repositories)),
                """
                <span class="bar-cell"><meter aria-label="\(share.name)" min="0" max="\(most)" value="\(share.bytes)">\
                </meter><span>\(t.bytes(share.bytes))</span></span>
                """,
            ]
        }
        return DataTable.view(
            label,
            columns: [
                .init(t.accountName), .init(t.complianceAssets, isNumber: true),
                .init(t.complianceLogical, sorted: "descending"),
            ], rows: rows)
    }

    private func amounts(_ amounts: [Amount], _ gone: String, label: String, _ t: L10n) -> HTML {
        guard !amounts.isEmpty else { return "<p class=\"hint\">\(t.complianceGarbageNone)</p>" }
        let rows = amounts.map { amount -> [HTML] in
            [
                HTML(text: t.complianceGarbageClass(amount.kind)), HTML(text: amount.isKept ? t.complianceKept : gone),
                HTML(text: t.number(amount.count)), HTML(text: t.bytes(amount.bytes)),
            ]
        }
        return DataTable.view(
            label,
            columns: [
                .init(t.complianceKind), .init(t.complianceState), .init(t.complianceNumber, isNumber: true),
                .init(t.complianceSize, isNumber: true),
            ], rows: rows)
    }

    private func garbage(_ context: PageContext) -> HTML {
        let t = context.t
        let last: HTML =
            content.collectedAt.map { moment -> HTML in
                "<p class=\"hint\">\(t.adminLastCollection): \(TimeText.view(moment, context))</p>"
            } ?? "<p class=\"hint\">\(t.complianceGarbageNever)</p>"
        guard content.canCollect else { return last }
        let preview = content.preview.map { amounts -> HTML in
            "<h3>\(t.complianceGarbagePreview)</h3>\(self.amounts(amounts, t.complianceWouldGo, label: t.complianceGarbagePreview, t))"
        }
        let run = Confirmation.view(
            t.complianceGarbageRun, warning: t.complianceGarbageWarning, action: "/console/storage",
            fields: [("do", "collect")], subject: "", context)
        return """
            \(last)\(if: content.collectedAt != nil, amounts(content.collected, t.complianceGone, label: t.complianceGarbage, t))\
            \(if: content.isBusy, Alert.view(.warn, title: t.complianceBusy))\(preview)\
            <div class="actions">\(Button.link(t.complianceGarbagePreview, to: "/console/storage?preview=1#garbage"))\
            \(run)</div>
            """
    }

    private func scrub(_ context: PageContext) -> HTML {
        let t = context.t
        guard let scrub = content.scrub else { return "<p class=\"hint\">\(t.complianceScrubNever)</p>" }
        let state =
            scrub.finishedAt == nil
            ? StateChip(.info, icon: "refresh-cw", text: t.complianceScrubRunning(scrub.part))
            : StateChip(.ok, icon: "check", text: t.complianceScrubDone)
        return FactList.view([
            (t.complianceState, state.view),
            (t.complianceWhen, TimeText.view(scrub.finishedAt ?? scrub.startedAt, context)),
            (t.complianceScrubRead, HTML(text: t.bytes(scrub.bytes))),
            (t.complianceNumber, HTML(text: t.number(scrub.files))),
            (t.complianceDamaged, HTML(text: t.number(scrub.damaged))),
            (t.complianceHealed, HTML(text: t.number(scrub.healed))),
        ])
    }

    private func damages(_ context: PageContext) -> HTML {
        let t = context.t
        guard !content.damages.isEmpty else { return "<p class=\"hint\">\(t.complianceNoDamages)</p>" }
        let rows = content.damages.map { damage -> [HTML] in
            [
                HTML(text: t.complianceDamageKind(damage.kind)), CopyText.digest(damage.name, shown: 16, context),
                HTML(text: damage.repository ?? "–"), "<span lang=\"en\">\(damage.reason)</span>",
                TimeText.view(damage.foundAt, context),
                damage.healedAt == nil
                    ? StateChip(.bad, icon: "shield-alert", text: t.complianceOpen).view
                    : StateChip(.ok, icon: "check", text: t.complianceHealed, detail: damage.source).view,
            ]
        }
        return DataTable.view(
            t.complianceDamages,
            columns: [
                .init(t.complianceKind), .init(t.accountName), .init(t.complianceRepository), .init(t.complianceWhy),
                .init(t.complianceWhen, sorted: "descending"), .init(t.complianceState),
            ], rows: rows)
    }
}
