package import HubCore

extension Gateway {
    /// Writes air-gap bundles.
    package var bundleExporter: BundleExporter {
        BundleExporter(
            hub: hub, repositories: repositories, gate: gate, policies: policies,
            attachments: [ProvenanceAttachments(store: hub.store, provenance: hub.provenance)],
            tombstones: bundleTombstones)
    }

    /// Takes air-gap bundles in.
    package var bundleImporter: BundleImporter {
        BundleImporter(
            hub: hub, repositories: repositories, gate: gate, policies: policies, authorizer: authorizer,
            tombstones: bundleTombstones)
    }

    /// Who keeps tombstones.
    var bundleTombstones: (any BundleTombstones)? { BuriedTombstones(hub: hub) }

    /// What is here of all bundles, signed by this hub: for an exporter to leave out.
    /// - Parameter key: nil for the hub's own.
    package func bundleReceipt(signedBy key: SigningKey?) async throws -> DSSEEnvelope {
        try await BundleReceipt.make(hub, key: try key ?? hub.signingKeys.current(), now: hub.clock.now())
    }
}
