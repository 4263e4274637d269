//! Labels that follow from names.

/// Parts of a name that stay lower case inside a label. The first five are seen in real projects; the others follow
/// their pattern.
const SMALL_WORDS: &[&str] =
    &["of", "to", "per", "on", "with", "a", "an", "the", "and", "or", "by", "for", "at", "via", "vs"];

/// Parts of a name that are written in capitals.
const ACRONYMS: &[(&str, &str)] = &[("id", "ID"), ("url", "URL")];

/// The label of a thing named `name` that has none of its own: split at `_`, first letters in upper case, small words
/// inside in lower case, the rest as it is.
pub fn titleize(name: &str) -> String {
    let mut label = String::with_capacity(name.len());
    let mut parts = name.split('_').filter(|part| !part.is_empty()).peekable();
    while let Some(part) = parts.next() {
        let inside = !label.is_empty() && parts.peek().is_some();
        if !label.is_empty() {
            label.push(' ');
        }
        if inside && SMALL_WORDS.contains(&part) {
            label.push_str(part);
        } else if let Some((_, capitals)) = ACRONYMS.iter().find(|(word, _)| *word == part) {
            label.push_str(capitals);
        } else {
            let mut letters = part.chars();
            label.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            label.push_str(letters.as_str());
        }
    }
    label
}

/// What a yesno's label ends with.
pub const YESNO_SUFFIX: &str = " (Yes / No)";

/// The heading under which the timeframes of a `type: time` group stand.
pub fn time_heading(group_label: &str) -> String {
    format!("{group_label} Date")
}

/// The heading under which the intervals of a `type: duration` group stand.
pub fn duration_heading(group_label: &str) -> String {
    format!("Duration {group_label}")
}

#[cfg(test)]
mod tests {
    use super::titleize;

    #[test]
    fn names_become_labels() {
        for (name, label) in [
            ("id", "ID"),
            ("user_id", "User ID"),
            ("url", "URL"),
            ("page_url_path", "Page URL Path"),
            ("ids", "Ids"),
            ("pk", "Pk"),
            ("pct", "Pct"),
            ("avg", "Avg"),
            ("mtd", "Mtd"),
            ("num", "Num"),
            ("fq", "Fq"),
            ("7d_polling_avg", "7d Polling Avg"),
            ("order_items", "Order Items"),
            ("2020-election-betting", "2020-election-betting"),
            ("sum_of_sales", "Sum of Sales"),
            ("impressions_per_user", "Impressions per User"),
            ("number_meets_with_audio", "Number Meets with Audio"),
            ("cart_to_checkout_conversion", "Cart to Checkout Conversion"),
            ("total_add_on_amount", "Total Add on Amount"),
            ("days_since_first_of_month", "Days Since First of Month"),
            ("average_percent_meet_on", "Average Percent Meet On"),
            ("of_month", "Of Month"),
            ("cost_in_USD", "Cost In USD"),
            ("missing_more_than_half", "Missing More Than Half"),
            ("CTR_from_product_page_visit_to_cart", "CTR From Product Page Visit to Cart"),
            ("paid_within_terms", "Paid Within Terms"),
            ("same_as_before", "Same As Before"),
            ("week_over_week", "Week Over Week"),
            ("time_out_of_office", "Time Out of Office"),
            ("is_not_new", "Is Not New"),
            ("price_and_tax", "Price and Tax"),
            ("ip_api_sql_sku_csv_utm_os", "Ip Api Sql Sku Csv Utm Os"),
            ("ctr", "Ctr"),
            ("fxa", "Fxa"),
            ("cta", "Cta"),
            ("CTR_x", "CTR X"),
            ("Cost_USD", "Cost USD"),
            ("2GDensity", "2GDensity"),
            ("__double__under__", "Double Under"),
            ("élan_vital", "Élan Vital"),
            ("", ""),
        ] {
            assert_eq!(titleize(name), label, "{name}");
        }
    }
}
