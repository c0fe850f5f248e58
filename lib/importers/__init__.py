"""From a leaderboard's export to the files of data/<study>/: one module per kind of export."""
