//! Stock and shortages computed from the counts that the service loads, compared with those computed from every row.

use base::time::{DEFAULT_ZONE, end_of_day};
use db::{organizations, reference_data};
use domain::assessment::assess;
use domain::reference_data::OrganizationData;
use domain::revision::Revision;
use domain::stock::stock;

use crate::app::TestApp;
use crate::stock_counts::all_counts;

/// Checks all figures of today and of the days before.
pub async fn check(app: &TestApp) {
    let today = app.clock.now();
    app.db
        .read(move |snapshot| {
            let revision = snapshot.newest.unwrap().revision;
            let reference_data = reference_data::reference_data(snapshot.connection, revision)?;
            for organization in organizations::list(snapshot.connection, Revision::LATEST)? {
                for days_ago in 0..3 {
                    let day = (today - chrono::TimeDelta::days(days_ago)).with_timezone(&DEFAULT_ZONE).date_naive();
                    let before = end_of_day(day, DEFAULT_ZONE);
                    let one = std::slice::from_ref(&organization);
                    let longest = reference_data.longest_validity_days();
                    let loaded =
                        reference_data::records(snapshot.connection, one, revision, longest, |_| before)?.remove(0);
                    let counts = all_counts(snapshot.connection, organization.id, revision)?;
                    let whole = OrganizationData { counts, ..loaded.clone() };
                    assert_eq!(stock(&reference_data, &loaded, day), stock(&reference_data, &whole, day), "{day}");
                    assert_eq!(assess(&reference_data, &loaded, day), assess(&reference_data, &whole, day), "{day}");
                }
            }
            Ok(())
        })
        .await
        .unwrap();
}
