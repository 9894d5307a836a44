// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.joust.format.refs.Branch;
import dev.joust.format.table.Dataset;
import dev.joust.io.Session;
import dev.joust.search.internal.maintain.MaintenanceService;
import dev.joust.search.internal.write.WriteLane;

/// What the handles of one branch of a table share in one database: how they write, and who keeps the branch fast.
/// Thread-safe.
final class TableWrites {
    private final Session session;
    private final MaintenanceService maintenance;
    private final ConcurrentMap<String, TableWrites> branches;
    private final WriteLane lane;
    private final MaintenanceService.Keeper keeper;

    private TableWrites(
            Session session, MaintenanceService maintenance, ConcurrentMap<String, TableWrites> branches) {
        this.session = session;
        this.maintenance = maintenance;
        this.branches = branches;
        this.lane = new WriteLane(session.ioExecutor());
        this.keeper = maintenance.keeper(lane);
    }

    /// Of the main branch.
    static TableWrites of(Session session, MaintenanceService maintenance) {
        ConcurrentMap<String, TableWrites> branches = new ConcurrentHashMap<>();
        TableWrites main = new TableWrites(session, maintenance, branches);
        branches.put(Branch.MAIN, main);
        return main;
    }

    /// Of another branch of the same table.
    TableWrites ofBranch(String branch) {
        return branches.computeIfAbsent(branch, _ -> new TableWrites(session, maintenance, branches));
    }

    /// A branch of that name, made later, is another.
    void forgetBranch(String branch) {
        branches.remove(branch);
    }

    WriteLane lane() {
        return lane;
    }

    void wrote(Dataset version) {
        lane.committed(version);
        keeper.wrote(version);
    }
}
